// The command that is run beside the guest: `gdbvm IMAGE -- COMMAND ARGS...`.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>
#include <asio/signal_set.hpp>

namespace gdbvm {

// A debugger's address as gdb's `target remote` takes it: a socket's path by itself.
std::string remote_of(const std::string& address);

// Started with GDBVM_REMOTE set to the debugger's address, and `{remote}` replaced by it in every argument. Made and
// used on the io_context's thread. A gdbvm that is killed takes the command with it (SIGTERM).
class ChildCommand final {
 public:
  // How long a command may take to end after SIGTERM. Then it is killed.
  static constexpr std::chrono::milliseconds patience{5000};

  // `ended` gets what a shell would: the exit status, or 128 + the signal. Throws std::system_error when the command
  // cannot be started.
  ChildCommand(asio::io_context& context, std::vector<std::string> command, const std::string& remote,
               std::function<void(int status)> ended);
  // Ends the command, if it still runs, and waits for it.
  ~ChildCommand() { end(patience); }
  ChildCommand(const ChildCommand&) = delete;
  ChildCommand& operator=(const ChildCommand&) = delete;

  // The same, with another patience. `ended` is not called.
  void end(std::chrono::milliseconds wait);

 private:
  void wait_for_end();

  asio::signal_set child_ended_;
  std::function<void(int)> ended_;
  pid_t pid_ = -1;
};

}  // namespace gdbvm
