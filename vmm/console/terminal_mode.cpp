#include "vmm/console/terminal_mode.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "vmm/host/fd.h"

namespace gdbvm {

namespace {

void close_all_but(int first, int second) {
  const auto low = static_cast<unsigned>(std::min(first, second)),
             high = static_cast<unsigned>(std::max(first, second));
  if (low > 0) ::close_range(0, low - 1, 0);
  if (high > low + 1) ::close_range(low + 1, high - 1, 0);
  ::close_range(high + 1, ~0u, 0);
}

// What the process tells the guardian.
enum Message : char { all_is_well = 0, on_other_screen = 1, on_first_screen = 2 };
constexpr char leave_other_screen[] = "\x1b[0m\x1b[?25h\x1b[?1049l";

// The end of the messages without all_is_well means that the process is gone. In a group of its own,
// with all signals blocked: SIGTTOU, so that it may set the terminal from there, and whatever is sent to the job.
[[noreturn]] void guard(int from_process, int terminal, const termios& before) {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  ::setpgid(0, 0);
  ::prctl(PR_SET_NAME, "gdbvm-terminal");
  close_all_but(from_process, terminal);
  char message = on_first_screen;
  for (bool elsewhere = false;; elsewhere = message == on_other_screen) {
    const ssize_t size = ::read(from_process, &message, 1);
    if (size == 1 && message != all_is_well) continue;
    if (size == 0) ::tcsetattr(terminal, TCSANOW, &before);
    if (size == 0 && elsewhere) (void)!::write(terminal, leave_other_screen, sizeof leave_other_screen - 1);
    ::_exit(0);
  }
}

}  // namespace

TerminalMode::TerminalMode(int fd) : fd_(fd) {
  if (::tcgetattr(fd, &before_) < 0) throw_errno("cannot read the terminal's settings");
  start_guardian();
  enter();
}

TerminalMode::~TerminalMode() {
  leave();
  tell_guardian(all_is_well);
  ::close(to_guardian_);
  ::waitpid(guardian_, nullptr, 0);
}

void TerminalMode::start_guardian() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) throw_errno("socketpair");
  guardian_ = ::fork();
  if (guardian_ == 0) guard(ends[1], fd_, before_);
  const int error = errno;
  ::close(ends[1]);
  to_guardian_ = ends[0];
  if (guardian_ >= 0) return;
  ::close(to_guardian_);
  errno = error;
  throw_errno("fork");
}

void TerminalMode::tell_guardian(char message) { ::send(to_guardian_, &message, 1, MSG_NOSIGNAL); }

void TerminalMode::use_other_screen(bool in_use) { tell_guardian(in_use ? on_other_screen : on_first_screen); }

void TerminalMode::enter() {
  if (::tcgetpgrp(fd_) != ::getpgrp()) return;
  termios raw = before_;
  ::cfmakeraw(&raw);
  raw.c_oflag = before_.c_oflag;
  raw_ = ::tcsetattr(fd_, TCSANOW, &raw) == 0;
}

void TerminalMode::leave() {
  // In the background the terminal is another job's, which has its own idea of it.
  if (!raw_ || ::tcgetpgrp(fd_) != ::getpgrp()) return;
  ::tcsetattr(fd_, TCSADRAIN, &before_);
  raw_ = false;
}

}  // namespace gdbvm
