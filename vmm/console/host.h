// The serial port's ends on the host: permanent ones, and those to which clients connect.
#pragma once

#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "gdbstub/server/endpoint.h"
#include "vmm/console/input.h"
#include "vmm/console/output.h"

namespace gdbvm {

// Connects and disconnects input and output as clients come and go. On the io_context's thread.
class ConsoleHost {
 public:
  virtual ~ConsoleHost() = default;
  virtual std::string address() const = 0;
  // Accepts no more clients, and removes its file.
  virtual void stop() = 0;
};

// A new open file for what descriptor `fd` refers to, if the kernel grants one, so that making it non-blocking does not
// affect the shell and other users of it. Throws std::system_error.
asio::posix::stream_descriptor reopen(asio::io_context& context, int fd, int access);
asio::posix::stream_descriptor open_file(asio::io_context& context, const std::string& path);

// Both throw std::system_error when the socket (a path that exists is left alone) or the pty cannot be made.
std::shared_ptr<ConsoleHost> listen_on(asio::io_context& context, const gdbstub::Endpoint& endpoint,
                                       std::shared_ptr<ConsoleInput> input, std::shared_ptr<ConsoleOutput> output);
std::shared_ptr<ConsoleHost> open_pty(asio::io_context& context, std::shared_ptr<ConsoleInput> input,
                                      std::shared_ptr<ConsoleOutput> output);

}  // namespace gdbvm
