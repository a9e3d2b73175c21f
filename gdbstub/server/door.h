// Lets clients in, one after the other, for as long as it stands.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <asio/steady_timer.hpp>

#include "gdbstub/server/channel.h"
#include "gdbstub/server/listener.h"

namespace gdbstub {

class Door : public std::enable_shared_from_this<Door> {
 public:
  // Throws as Listener does.
  Door(asio::io_context& context, const Endpoint& endpoint) : listener_(context, endpoint), pause_(context) {}

  // `arrived` is called for each client until close().
  void open(std::function<void(Socket)> arrived);
  void close();
  bool is_open() { return listener_.acceptor().is_open(); }
  const std::string& address() const { return listener_.address(); }

 private:
  void accept();
  void accept_later();

  Listener listener_;
  asio::steady_timer pause_;
  std::function<void(Socket)> arrived_;
};

}  // namespace gdbstub
