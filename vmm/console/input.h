// Bytes from a host descriptor to the guest, no faster than the guest takes them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>

namespace gdbvm {

// All on the io_context's thread, but for resume().
class ConsoleInput final : public std::enable_shared_from_this<ConsoleInput> {
 public:
  explicit ConsoleInput(asio::io_context& context) : context_(context), host_(context) {}

  // `sink` takes bytes; false: no more until resume(). May come before or after the descriptor.
  void start(std::function<bool(std::span<const std::uint8_t>)> sink);
  // `ended` is called when the other end is gone, once, unless disconnect() comes first.
  void connect(asio::posix::stream_descriptor host, std::function<void()> ended);
  void disconnect();
  void resume();  // any thread

 private:
  void wait();
  void read();
  // A terminal whose foreground is another job's must not be read: the kernel would stop the process.
  bool in_background();
  void wait_for_foreground();

  asio::io_context& context_;
  asio::posix::stream_descriptor host_;
  std::function<void()> ended_;
  std::function<bool(std::span<const std::uint8_t>)> sink_;
  std::optional<asio::signal_set> continued_;
  bool paused_ = false;   // the sink has enough
  bool waiting_ = false;  // a handler is pending
};

}  // namespace gdbvm
