// The checksum of ACPI's and the MultiProcessor Specification's tables.
#pragma once

#include <cstdint>
#include <numeric>
#include <span>

namespace gdbvm::boot {

// The byte that makes the sum of all zero, if its own place holds zero.
inline std::uint8_t checksum(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint8_t>(-std::accumulate(bytes.begin(), bytes.end(), 0u));
}

}  // namespace gdbvm::boot
