#include "gdbstub/server/listener.h"

#include <fcntl.h>

#include <system_error>

#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

namespace gdbstub {
namespace {

std::string name_of(const asio::ip::tcp::endpoint& endpoint) {
  const char* const pattern = endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}";
  return fmt::format(fmt::runtime(pattern), endpoint.address().to_string(), endpoint.port());
}

// Of a name, the first of its addresses.
asio::ip::address address_of(const std::string& host, const asio::any_io_executor& executor) {
  asio::error_code not_numeric;
  auto address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) return address;
  const auto found = asio::ip::tcp::resolver(executor).resolve(host, "", asio::ip::resolver_base::passive);
  return found.begin()->endpoint().address();
}

}  // namespace

Listener::Listener(asio::io_context& context, const Endpoint& endpoint) : acceptor_(context) {
  std::visit([this](const auto& each) { listen(each); }, endpoint);
}

void Listener::listen(const TcpEndpoint& endpoint) try {
  address_ = fmt::format("{}:{}", endpoint.host, endpoint.port);
  const asio::ip::tcp::endpoint wanted(address_of(endpoint.host, acceptor_.get_executor()), endpoint.port);
  asio::ip::tcp::acceptor acceptor(acceptor_.get_executor(), wanted);  // with SO_REUSEADDR
  address_ = name_of(acceptor.local_endpoint());
  ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  acceptor_ = std::move(acceptor);
} catch (const std::system_error& error) {
  throw std::system_error(error.code(), fmt::format("cannot listen on {}", address_));
}

void Listener::listen(const UnixEndpoint& endpoint) {
  address_ = "unix:" + endpoint.path;
  unix_.emplace(endpoint.path);
  acceptor_.assign(asio::local::stream_protocol(), unix_->release());
}

}  // namespace gdbstub
