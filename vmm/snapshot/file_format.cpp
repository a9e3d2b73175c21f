#include "vmm/snapshot/file_format.h"

#include <unistd.h>

#include "vmm/memory/fnv1a.h"

namespace gdbvm::snapshot {

std::uint64_t checksum_of(FileHeader header, std::span<const std::byte> body) {
  header.checksum = 0;
  return fnv1a(fnv1a(fnv1a_start, std::as_bytes(std::span(&header, 1))), body);
}

bool is_own(int fd, const FileKind& kind) {
  decltype(FileHeader::magic) magic{};
  return ::pread(fd, magic.data(), magic.size(), 0) == static_cast<ssize_t>(magic.size()) && magic == kind.magic;
}

}  // namespace gdbvm::snapshot
