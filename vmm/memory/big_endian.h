// Numbers with the highest byte first, as some of a PC's interfaces have them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gdbvm {

// The number that these bytes are; of more than eight, the last eight.
constexpr std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// Appends so many bytes of it, the lowest ones: at most 4.
inline void put_big_endian(std::vector<std::uint8_t>& to, std::uint32_t value, unsigned bytes) {
  while (bytes-- > 0) to.push_back(static_cast<std::uint8_t>(value >> 8 * bytes));
}

}  // namespace gdbvm
