// A listening Unix socket and its file. It needs no asio, and a host may use it for sockets of its own.
#pragma once

#include <string>

#include <sys/stat.h>

namespace gdbstub {

class UnixListener final {
 public:
  // Listens from now on. What exists at the path is left alone and refused, unless it is a socket of a process that is
  // gone: that one is replaced. Throws std::system_error: "cannot listen on unix:PATH: ...".
  explicit UnixListener(std::string path);
  // Removes the file, unless somebody has put another in its place. Does not close what was released.
  ~UnixListener();
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // The descriptor, close-on-exec, for the caller to close.
  int release();

 private:
  const std::string path_;
  int fd_ = -1;
  struct stat file_{};  // ours
};

}  // namespace gdbstub
