// Bytes without a pattern, the same in each run.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace gdbstub::bench {

inline std::vector<std::uint8_t> random_bytes(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 32);
  return bytes;
}

}  // namespace gdbstub::bench
