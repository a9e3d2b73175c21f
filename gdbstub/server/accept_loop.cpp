#include "gdbstub/server/accept_loop.h"

#include <fcntl.h>

#include <chrono>

#include <asio/ip/tcp.hpp>

namespace gdbstub {

void AcceptLoop::start(std::function<void(Socket)> accepted) {
  accepted_ = std::move(accepted);
  if (is_open()) accept();
}

void AcceptLoop::stop() {
  asio::error_code ignored;
  listener_.acceptor().close(ignored);
  pause_.cancel();
  accepted_ = nullptr;
}

void AcceptLoop::accept() {
  listener_.acceptor().async_accept([self = shared_from_this()](asio::error_code error, Socket socket) {
    if (self->accepted_ == nullptr) return;
    if (error) return self->accept_later();
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    asio::error_code not_tcp;
    socket.set_option(asio::ip::tcp::no_delay(true), not_tcp);
    self->accepted_(std::move(socket));
    self->accept();
  });
}

// Out of descriptors, say: trying again at once would only spin.
void AcceptLoop::accept_later() {
  pause_.expires_after(std::chrono::milliseconds(100));
  pause_.async_wait([self = shared_from_this()](asio::error_code error) {
    if (self->accepted_ != nullptr && !error) self->accept();
  });
}

}  // namespace gdbstub
