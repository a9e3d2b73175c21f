#include "gdbstub/session/saved_registers.h"

#include <utility>

namespace gdbstub {

std::uint64_t SavedRegisters::save(std::vector<std::uint8_t> state) {
  if (states_.size() >= max_states) states_.erase(states_.begin());
  states_.emplace(next_, std::move(state));
  return next_++;
}

std::optional<std::vector<std::uint8_t>> SavedRegisters::take(std::uint64_t id) {
  auto node = states_.extract(id);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

}  // namespace gdbstub
