#include "gdbstub/server/unix_listener.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace gdbstub {
namespace {

[[noreturn]] void fail_on(const std::string& path, int error) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot listen on unix:{}", path));
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

// A socket whose process is gone refuses everybody. One that is alive answers a socket of another type with EPROTOTYPE,
// and its owner notices nothing.
bool is_abandoned(const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const int probe = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool refused = ::connect(probe, generic(address), sizeof address) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

// errno, or 0.
int try_to_bind(int fd, const sockaddr_un& address) {
  return ::bind(fd, generic(address), sizeof address) == 0 ? 0 : errno;
}

int bind_and_listen(int fd, const sockaddr_un& address) {
  int error = try_to_bind(fd, address);
  if (error == EADDRINUSE && is_abandoned(address) && ::unlink(address.sun_path) == 0) {
    error = try_to_bind(fd, address);
  }
  if (error != 0) return error;
  if (::listen(fd, SOMAXCONN) == 0) return 0;
  error = errno;
  ::unlink(address.sun_path);
  return error;
}

}  // namespace

UnixListener::UnixListener(std::string path) : path_(std::move(path)) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path_.size() >= sizeof address.sun_path) fail_on(path_, ENAMETOOLONG);
  path_.copy(address.sun_path, path_.size());
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) fail_on(path_, errno);
  if (const int error = bind_and_listen(fd_, address)) {
    ::close(fd_);
    fail_on(path_, error);
  }
  ::lstat(path_.c_str(), &file_);
}

UnixListener::~UnixListener() {
  if (fd_ >= 0) ::close(fd_);
  struct stat found{};
  const bool there = ::lstat(path_.c_str(), &found) == 0;
  if (there && found.st_dev == file_.st_dev && found.st_ino == file_.st_ino) ::unlink(path_.c_str());
}

int UnixListener::release() { return std::exchange(fd_, -1); }

}  // namespace gdbstub
