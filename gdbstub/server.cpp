// Accepting clients and handing the target's events to the one that is there.
#include "gdbstub/server.h"

#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <optional>

#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include "gdbstub/server/connection.h"
#include "gdbstub/server/listener.h"
#include "gdbstub/server/refusal.h"

namespace gdbstub {
namespace {

constexpr std::size_t most_backlog = 4 * packet_size;  // bytes of console text that wait for a slow client
constexpr int most_queued_texts = 4096;                // console events that wait for the I/O thread
constexpr auto accept_pause = std::chrono::milliseconds(100);

}  // namespace

class Server::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(asio::io_context& context, Session& session, const Endpoint& endpoint)
      : context_(context), session_(session), listener_(context, endpoint), pause_(context) {}

  void start(const Endpoint& endpoint) {
    const auto* stdio = std::get_if<StdioEndpoint>(&endpoint);
    if (stdio == nullptr) return accept();
    using Descriptor = asio::posix::stream_descriptor;
    adopt(Channel(DescriptorPair{Descriptor(context_, stdio->in), Descriptor(context_, stdio->out)}));
  }
  void stop() {
    asio::error_code ignored;
    listener_.acceptor().close(ignored);
    pause_.cancel();
    if (connection_ != nullptr) connection_->close();
    connection_.reset();
  }
  const std::string& address() const { return listener_.address(); }

  void post(TargetEvent event) {
    const bool text = std::holds_alternative<ConsoleOutput>(event);
    if (text && queued_texts_.load(std::memory_order_relaxed) >= most_queued_texts) return;
    queued_texts_ += text ? 1 : 0;
    asio::post(context_, [weak = weak_from_this(), text, event = std::move(event)]() mutable {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->queued_texts_ -= text ? 1 : 0;
      self->deliver(std::move(event), text);
    });
  }

 private:
  void accept() {
    listener_.acceptor().async_accept([weak = weak_from_this()](asio::error_code error, Socket socket) {
      const auto self = weak.lock();
      if (self == nullptr || error == asio::error::operation_aborted) return;
      if (error) return self->accept_later();
      self->arrived(std::move(socket));
      self->accept();
    });
  }
  // Out of descriptors, say: trying again at once would only spin.
  void accept_later() {
    pause_.expires_after(accept_pause);
    pause_.async_wait([weak = weak_from_this()](asio::error_code error) {
      if (const auto self = weak.lock(); self != nullptr && !error) self->accept();
    });
  }
  void arrived(Socket socket) {
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
    asio::error_code not_tcp;
    socket.set_option(asio::ip::tcp::no_delay(true), not_tcp);
    if (connection_ != nullptr) return refuse(std::move(socket));
    adopt(Channel(std::move(socket)));
  }
  void adopt(Channel channel) {
    const auto gone = [this] {
      connection_.reset();
      session_.disconnected();
    };
    connection_ = std::make_shared<Connection>(std::move(channel), session_, gone);
    connection_->start();
  }
  void deliver(TargetEvent event, bool text) {
    if (text && connection_ != nullptr && connection_->backlog() > most_backlog) return;
    std::string bytes = session_.handle_event(std::move(event));
    const auto connection = connection_;  // may end by sending
    if (!bytes.empty() && connection != nullptr) connection->send(std::move(bytes));
  }

  asio::io_context& context_;
  Session& session_;
  Listener listener_;
  asio::steady_timer pause_;
  std::shared_ptr<Connection> connection_;
  std::atomic<int> queued_texts_ = 0;
};

Server::Server(asio::io_context& context, Session& session, const Endpoint& endpoint)
    : implementation_(std::make_shared<Implementation>(context, session, endpoint)) {
  implementation_->start(endpoint);
}
Server::~Server() { implementation_->stop(); }
const std::string& Server::address() const { return implementation_->address(); }
void Server::post(TargetEvent event) { implementation_->post(std::move(event)); }

}  // namespace gdbstub
