// The signals that end processes.
#pragma once

#include <functional>

#include <asio/signal_set.hpp>

namespace gdbvm {

// Those that would otherwise end the process on the spot, with its sockets left behind. What is ignored from the start,
// as nohup has it, stays so, but for SIGINT and SIGTERM.
class EndSignals final {
 public:
  EndSignals(asio::io_context& context, std::function<void(int signal)> arrived);

 private:
  void wait();

  asio::signal_set signals_;
  const std::function<void(int)> arrived_;
};

}  // namespace gdbvm
