// The command that is run beside the guest: `gdbvm IMAGE -- COMMAND ARGS...`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>
#include <asio/signal_set.hpp>

namespace gdbvm {

// Started with GDBVM_REMOTE set to the debugger's address, and `{remote}` replaced by it in every argument. Runs on the
// io_context's thread.
class Companion final {
 public:
  // `ended` gets what a shell would: the exit status, or 128 + the signal. Throws std::system_error when the command
  // cannot be started.
  Companion(asio::io_context& context, std::vector<std::string> command, const std::string& remote,
            std::function<void(int status)> ended);
  // Ends the command, if it still runs, and waits for it.
  ~Companion();
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;

 private:
  void wait_for_end();

  asio::signal_set child_ended_;
  std::function<void(int)> ended_;
  pid_t pid_ = -1;
};

}  // namespace gdbvm
