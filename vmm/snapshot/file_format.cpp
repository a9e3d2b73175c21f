#include "vmm/snapshot/file_format.h"

#include <unistd.h>

namespace gdbvm::snapshot {

namespace {
std::uint64_t fnv1a(std::uint64_t hash, std::span<const std::byte> bytes) {
  constexpr std::uint64_t prime = 0x100000001b3;
  for (const std::byte byte : bytes) hash = (hash ^ static_cast<std::uint64_t>(byte)) * prime;
  return hash;
}
}  // namespace

std::uint64_t checksum_of(FileHeader header, std::span<const std::byte> body) {
  constexpr std::uint64_t start = 0xcbf29ce484222325;
  header.checksum = 0;
  return fnv1a(fnv1a(start, std::as_bytes(std::span(&header, 1))), body);
}

bool is_own_snapshot(int fd) {
  decltype(FileHeader::magic) magic{};
  return ::pread(fd, magic.data(), magic.size(), 0) == static_cast<ssize_t>(magic.size()) && magic == file_magic;
}

}  // namespace gdbvm::snapshot
