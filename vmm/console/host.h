// Host ends of the serial port: those that are there for good, and those to which clients come and go.
#pragma once

#include <memory>
#include <string>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include "vmm/console/input.h"
#include "vmm/console/output.h"

namespace gdbvm {

// Connects and disconnects input and output as clients come and go. On the io_context's thread.
class ConsoleHost {
 public:
  virtual ~ConsoleHost() = default;
  virtual std::string address() const = 0;
  // Nobody comes any more; what stands in the file system for it is gone.
  virtual void stop() = 0;
};

// A way of our own to what descriptor `fd` refers to, where the kernel gives one: so that making it non-blocking does
// not change it for the shell and whoever else has it. Throws std::system_error.
asio::posix::stream_descriptor reopen(asio::io_context& context, int fd, int access);
asio::posix::stream_descriptor open_file(asio::io_context& context, const std::string& path);

// Both throw std::system_error when the socket (a path that exists is left alone) or the pty cannot be made.
std::shared_ptr<ConsoleHost> listen_on(asio::io_context& context, const std::string& path,
                                       std::shared_ptr<ConsoleInput> input, std::shared_ptr<ConsoleOutput> output);
std::shared_ptr<ConsoleHost> open_pty(asio::io_context& context, std::shared_ptr<ConsoleInput> input,
                                      std::shared_ptr<ConsoleOutput> output);

}  // namespace gdbvm
