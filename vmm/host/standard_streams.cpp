#include "vmm/host/standard_streams.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace gdbvm {

namespace {

// A terminal or pipe that somebody else made non-blocking is full now and then: then what is left is lost.
void write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void secure_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    const int opened = ::open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY);  // the lowest free number
    if (opened != fd) std::_Exit(EXIT_FAILURE);  // without /dev/null there is no way to go on, nor to say so
  }
}

void print(std::string_view text) noexcept { write_all(STDOUT_FILENO, text); }

void tell_user(std::string_view text) noexcept {
  constexpr std::string_view name = "gdbvm: ", end = "\n";
  const auto piece = [](std::string_view of) { return iovec{const_cast<char*>(of.data()), of.size()}; };
  const std::array pieces{piece(name), piece(text), piece(end)};
  while (::writev(STDERR_FILENO, pieces.data(), pieces.size()) < 0 && errno == EINTR) continue;
}

}  // namespace gdbvm
