// Numbers as x86 keeps them in memory.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm {

// The number that these bytes are, the lowest first; of more than eight, the lowest eight.
constexpr std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

}  // namespace gdbvm
