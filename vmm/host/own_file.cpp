#include "vmm/host/own_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "vmm/host/new_file.h"
#include "vmm/host/sparse_write.h"

namespace gdbvm {

bool FileMark::is_in(int fd) const {
  std::string there(bytes.size(), '\0');
  const ssize_t count = ::pread(fd, there.data(), there.size(), static_cast<off_t>(offset));
  return count == static_cast<ssize_t>(there.size()) && there == bytes;
}

std::expected<void, std::string> write_own_file(const std::string& path, std::span<const std::uint8_t> contents,
                                                FileMark mark) {
  auto file = NewFile::beside(path, [mark](int fd) { return mark.is_in(fd); });
  if (!file) return std::unexpected(file.error());
  if (!write_at(file->fd(), contents, 0)) {
    return std::unexpected(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  return file->publish();
}

}  // namespace gdbvm
