#include "vmm/host/sparse_write.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace gdbvm {

namespace {
bool is_zero(std::span<const std::uint8_t> block) {
  return std::ranges::all_of(block, [](std::uint8_t byte) { return byte == 0; });
}
}  // namespace

bool write_at(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return true;
}

// Run by run of blocks that are not zero.
bool write_sparsely(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset, std::size_t block_size) {
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t end = at;
    while (end < bytes.size() && !is_zero(bytes.subspan(end, block_size))) end += block_size;
    if (end > at && !write_at(fd, bytes.subspan(at, end - at), offset + at)) return false;
    at = end + block_size;
  }
  return true;
}

}  // namespace gdbvm
