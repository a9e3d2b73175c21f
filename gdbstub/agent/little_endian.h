// Numbers as the target's registers and memory have them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "gdbstub/types.h"

namespace gdbstub {

// What is wider than 64 bits counts with its lowest 64.
inline std::uint64_t from_little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

// Fills all of `out`.
inline void put_little_endian(MutableBytes out, std::uint64_t value) {
  for (std::uint8_t& byte : out) {
    byte = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
}

}  // namespace gdbstub
