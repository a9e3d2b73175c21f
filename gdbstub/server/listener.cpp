// Binding, naming, and cleaning up after oneself.
#include "gdbstub/server/listener.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

namespace gdbstub {
namespace {

std::string name_of(const asio::ip::tcp::endpoint& endpoint) {
  const char* const pattern = endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}";
  return fmt::format(fmt::runtime(pattern), endpoint.address().to_string(), endpoint.port());
}

}  // namespace

Listener::Listener(asio::io_context& context, const Endpoint& endpoint) : acceptor_(context) {
  try {
    std::visit([this](const auto& each) { listen(each); }, endpoint);
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), fmt::format("cannot listen on {}", address_));
  }
  if (acceptor_.is_open()) ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::listen(const TcpEndpoint& endpoint) {
  address_ = fmt::format("{}:{}", endpoint.host, endpoint.port);
  const asio::ip::tcp::endpoint wanted(asio::ip::make_address(endpoint.host), endpoint.port);
  asio::ip::tcp::acceptor acceptor(acceptor_.get_executor(), wanted);  // with SO_REUSEADDR
  address_ = name_of(acceptor.local_endpoint());
  acceptor_ = std::move(acceptor);
}

void Listener::listen(const UnixEndpoint& endpoint) {
  address_ = "unix:" + endpoint.path;
  asio::local::stream_protocol::acceptor acceptor(acceptor_.get_executor(), endpoint.path);
  path_ = endpoint.path;  // ours to remove only now that it could be bound
  acceptor_ = std::move(acceptor);
}

}  // namespace gdbstub
