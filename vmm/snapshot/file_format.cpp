#include "vmm/snapshot/file_format.h"

#include "vmm/host/own_file.h"
#include "vmm/memory/fnv1a.h"

namespace gdbvm::snapshot {

std::uint64_t checksum_of(FileHeader header, std::span<const std::byte> body) {
  header.checksum = 0;
  return fnv1a(fnv1a(fnv1a_start, std::as_bytes(std::span(&header, 1))), body);
}

bool is_own(int fd, const FileKind& kind) { return FileMark{{kind.magic.data(), kind.magic.size()}}.is_in(fd); }

}  // namespace gdbvm::snapshot
