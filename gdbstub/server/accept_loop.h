// Accepts clients one after the other, for as long as it is told to.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <asio/steady_timer.hpp>

#include "gdbstub/server/channel.h"
#include "gdbstub/server/listener.h"

namespace gdbstub {

class AcceptLoop : public std::enable_shared_from_this<AcceptLoop> {
 public:
  // Throws as Listener does.
  AcceptLoop(asio::io_context& context, const Endpoint& endpoint) : listener_(context, endpoint), pause_(context) {}

  // `accepted` is called for each client until stop().
  void start(std::function<void(Socket)> accepted);
  void stop();
  bool is_open() { return listener_.acceptor().is_open(); }
  const std::string& address() const { return listener_.address(); }

 private:
  void accept();
  void accept_later();

  Listener listener_;
  asio::steady_timer pause_;
  std::function<void(Socket)> accepted_;
};

}  // namespace gdbstub
