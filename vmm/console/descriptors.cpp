// The serial port's host ends that are plain descriptors: standard input, output and error, and files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "vmm/console/host.h"
#include "vmm/host/fd.h"

namespace gdbvm {

asio::posix::stream_descriptor reopen(asio::io_context& context, int fd, int access) {
  struct stat status{};
  if (::fstat(fd, &status) < 0) throw_errno("standard streams");
  int own = -1;
  // A regular file opened again would start at its beginning, and needs no non-blocking mode.
  if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)) {
    own = ::open(fmt::format("/proc/self/fd/{}", fd).c_str(), access | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  }
  if (own < 0) own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw_errno("dup");
  return {context, own};
}

asio::posix::stream_descriptor open_file(asio::io_context& context, const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for its reader.
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const int fd = ::open(path.c_str(), flags, 0666);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "cannot open " + path);
  return {context, fd};
}

}  // namespace gdbvm
