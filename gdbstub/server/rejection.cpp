#include "gdbstub/server/rejection.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <asio/steady_timer.hpp>

#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

struct Rejection : std::enable_shared_from_this<Rejection> {
  explicit Rejection(Socket client)
      : socket(std::move(client)), timer(socket.get_executor(), std::chrono::seconds(1)) {}

  void start() {
    // The `+` acknowledges the packet that a debugger opens with, so that it takes the error for its reply.
    message = "+" + encode("E.another debugger is already connected");
    timer.async_wait([self = shared_from_this()](asio::error_code) { self->close(); });
    asio::async_write(socket, asio::buffer(message), [self = shared_from_this()](asio::error_code, std::size_t) {
      asio::error_code ignored;
      self->socket.shutdown(Socket::shutdown_send, ignored);
      self->drain();
    });
  }
  void drain() {
    socket.async_read_some(asio::buffer(sink), [self = shared_from_this()](asio::error_code error, std::size_t) {
      if (!error) return self->drain();
      self->timer.cancel();
    });
  }
  void close() {
    asio::error_code ignored;
    socket.close(ignored);
  }

  Socket socket;
  asio::steady_timer timer;
  std::string message;
  std::array<char, 4096> sink;
};

}  // namespace

void reject(Socket socket) { std::make_shared<Rejection>(std::move(socket))->start(); }

}  // namespace gdbstub
