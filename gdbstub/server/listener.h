// A listening socket of either family, and its name.
#pragma once

#include <optional>
#include <string>

#include <asio/basic_socket_acceptor.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>

#include "gdbstub/server/endpoint.h"
#include "gdbstub/server/unix_listener.h"

namespace gdbstub {

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

class Listener {
 public:
  // Throws std::system_error: "cannot listen on ADDRESS: ...". Not for StdioEndpoint.
  Listener(asio::io_context& context, const Endpoint& endpoint);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Acceptor& acceptor() { return acceptor_; }
  const std::string& address() const { return address_; }

 private:
  void listen(const TcpEndpoint& endpoint);
  void listen(const UnixEndpoint& endpoint);
  void listen(const StdioEndpoint&) {}

  Acceptor acceptor_;
  std::string address_;
  std::optional<UnixListener> unix_;  // the socket's file
};

}  // namespace gdbstub
