// The accept loop.
#include "gdbstub/server/door.h"

#include <fcntl.h>

#include <chrono>

#include <asio/ip/tcp.hpp>

namespace gdbstub {

void Door::open(std::function<void(Socket)> arrived) {
  arrived_ = std::move(arrived);
  if (is_open()) accept();
}

void Door::close() {
  asio::error_code ignored;
  listener_.acceptor().close(ignored);
  pause_.cancel();
  arrived_ = nullptr;
}

void Door::accept() {
  listener_.acceptor().async_accept([self = shared_from_this()](asio::error_code error, Socket socket) {
    if (self->arrived_ == nullptr) return;
    if (error) return self->accept_later();
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    asio::error_code not_tcp;
    socket.set_option(asio::ip::tcp::no_delay(true), not_tcp);
    self->arrived_(std::move(socket));
    self->accept();
  });
}

// Out of descriptors, say: trying again at once would only spin.
void Door::accept_later() {
  pause_.expires_after(std::chrono::milliseconds(100));
  pause_.async_wait([self = shared_from_this()](asio::error_code error) {
    if (self->arrived_ != nullptr && !error) self->accept();
  });
}

}  // namespace gdbstub
