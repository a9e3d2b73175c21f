#include "vmm/devices/debug_exit.h"

#include <algorithm>

namespace gdbvm {

DebugExit::DebugExit(std::function<void(std::uint8_t status)> exit) : exit_(std::move(exit)) {}

void DebugExit::read(std::uint16_t, std::span<std::uint8_t> out) { std::ranges::fill(out, std::uint8_t{0}); }

// Only the value's low seven bits fit an exit status.
void DebugExit::write(std::uint16_t, std::span<const std::uint8_t> bytes) {
  exit_(static_cast<std::uint8_t>(bytes[0] << 1 | 1));
}

}  // namespace gdbvm
