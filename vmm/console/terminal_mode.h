// Puts the terminal into raw mode while the guest has it, and restores it whatever happens to the process.
#pragma once

#include <sys/types.h>
#include <termios.h>

namespace gdbvm {

// Keys come one by one and unseen by the kernel's line discipline: Ctrl-C and Ctrl-Z are the guest's. Output is still
// processed, so that a guest's bare newlines begin lines, and so do the messages of this program.
//
// An orderly end restores the terminal here. Every other end (a crash, SIGKILL) is noticed by a child process, the
// guardian, which then does it; it lives exactly as long. Made before there are other threads and before there is a
// VM, as it forks.
class TerminalMode final {
 public:
  // `fd` is a terminal. Throws std::system_error. Raw from now on, if this process is in the foreground.
  explicit TerminalMode(int fd);
  ~TerminalMode();
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;

  // Raw, unless another job has the terminal: then at the next call, which SIGCONT is the time for.
  void enter();
  // As it was.
  void leave();
  // The terminal's other screen (ECMA-48's private mode 1049) is in use, or no longer: the guardian leaves it too.
  void use_other_screen(bool in_use);

 private:
  void start_guardian();
  void tell_guardian(char message);

  int fd_;
  termios before_{};
  bool raw_ = false;
  int to_guardian_ = -1;
  pid_t guardian_ = -1;
};

}  // namespace gdbvm
