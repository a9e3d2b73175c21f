// Integers out of an image's bytes, wherever they stand.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace gdbvm::boot {

static_assert(std::endian::native == std::endian::little, "images and guests are little-endian, and so is the host");

// A T at `offset`; nullopt unless all of it lies inside.
template <class T>
std::optional<T> load(std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace gdbvm::boot
