// Bytes written to a place in a file, and zeros left out of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gdbvm {

// Writes all of it, or returns false with errno.
[[nodiscard]] bool write_at(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset);
// The same into a part of a file that reads zero: blocks of `block_size` bytes that are all zero stay holes. The size
// of `bytes` is a multiple of block_size.
[[nodiscard]] bool write_sparsely(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset,
                                  std::size_t block_size);

}  // namespace gdbvm
