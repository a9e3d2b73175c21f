#include "vmm/debug/stepping/read_loop.h"

#include <utility>

namespace gdbvm {

bool ReadLoop::repeats(const Exit& exit, const x86::GeneralRegisters& now) {
  constexpr unsigned reads_of_a_place = 2;
  const auto address = read_address(exit);
  const auto read = address ? std::optional(Read{*address, now}) : std::nullopt;
  count_ = read && read == last_ ? count_ + 1 : 1;
  last_ = read;
  return read && count_ > reads_of_a_place;
}

}  // namespace gdbvm
