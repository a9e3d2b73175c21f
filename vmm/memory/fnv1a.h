// A hash of bytes: FNV-1a, 64 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gdbvm {

inline constexpr std::uint64_t fnv1a_start = 0xcbf29ce484222325;

// Goes on from `hash`: that of the bytes before, or fnv1a_start.
constexpr std::uint64_t fnv1a(std::uint64_t hash, std::span<const std::byte> bytes) {
  constexpr std::uint64_t prime = 0x100000001b3;
  for (const std::byte byte : bytes) hash = (hash ^ static_cast<std::uint64_t>(byte)) * prime;
  return hash;
}

}  // namespace gdbvm
