// One client at a time, and the target's events for it.
#include "gdbstub/server/server.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include <asio/post.hpp>

#include "gdbstub/server/accept_loop.h"
#include "gdbstub/server/connection.h"
#include "gdbstub/server/rejection.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

constexpr std::size_t max_backlog = 4 * packet_size;  // bytes of console text that wait for a slow client
constexpr int max_queued_texts = 4096;                // console events that wait for the I/O thread
// A debugger that reconnects may be here before the end of its last connection has been read.
constexpr auto patience = std::chrono::milliseconds(100);

}  // namespace

class Server::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(asio::io_context& context, Session& session, const Endpoint& endpoint)
      : context_(context),
        session_(session),
        accepting_(std::make_shared<AcceptLoop>(context, endpoint)),
        patience_(context) {}

  void start(const Endpoint& endpoint) {
    using Descriptor = asio::posix::stream_descriptor;
    accepting_->start([this](Socket socket) { arrived(std::move(socket)); });
    if (const auto* pair = std::get_if<StdioEndpoint>(&endpoint)) {
      adopt(Channel(DescriptorPair{Descriptor(context_, pair->in), Descriptor(context_, pair->out)}));
    }
  }
  void stop() {
    accepting_->stop();
    patience_.cancel();
    if (connection_ != nullptr) connection_->close();
    connection_.reset();
  }
  const std::string& address() const { return accepting_->address(); }
  void set_when_finished(std::function<void()> finished) { finished_ = std::move(finished); }

  void post(TargetEvent event) {
    const bool text = std::holds_alternative<ConsoleOutput>(event);
    if (text && queued_texts_.load(std::memory_order_relaxed) >= max_queued_texts) return;
    queued_texts_ += text ? 1 : 0;
    const auto client = clients_gone_.load();
    asio::post(context_, [weak = weak_from_this(), text, client, event = std::move(event)]() mutable {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->queued_texts_ -= text ? 1 : 0;
      if (client == self->clients_gone_ || !concerns_one_client(event)) self->deliver(std::move(event), text);
    });
  }

 private:
  void arrived(Socket socket) {
    if (connection_ == nullptr) return adopt(Channel(std::move(socket)));
    if (waiting_) return reject(std::move(socket));
    waiting_ = std::move(socket);
    patience_.expires_after(patience);
    patience_.async_wait([weak = weak_from_this()](asio::error_code error) {
      const auto self = weak.lock();
      if (self == nullptr || error || !self->waiting_) return;
      reject(std::move(*self->waiting_));
      self->waiting_.reset();
    });
  }
  void adopt(Channel channel) {
    connection_ =
        std::make_shared<Connection>(context_, std::move(channel), session_, [this](Connection::End) { gone(); });
    connection_->start();
  }
  // A stop that came for a client which has gone does not concern the next one; a guest's end does.
  static bool concerns_one_client(const TargetEvent& event) {
    const auto* stop = std::get_if<StopEvent>(&event);
    return stop != nullptr && !is_end(stop->reason);
  }
  void gone() {
    ++clients_gone_;
    connection_.reset();
    session_.disconnected();
    if (!accepting_->is_open() && finished_) finished_();
    if (!waiting_) return;
    patience_.cancel();
    adopt(Channel(*std::exchange(waiting_, std::nullopt)));
  }
  void deliver(TargetEvent event, bool text) {
    if (text && connection_ != nullptr && connection_->backlog() > max_backlog) return;
    std::string bytes = session_.handle_event(std::move(event));
    if (!bytes.empty() && connection_ != nullptr) connection_->send(std::move(bytes));
  }

  asio::io_context& context_;
  Session& session_;
  std::shared_ptr<AcceptLoop> accepting_;
  asio::steady_timer patience_;
  std::shared_ptr<Connection> connection_;
  std::function<void()> finished_;
  std::optional<Socket> waiting_;  // for the present connection, which may be about to end
  std::atomic<int> queued_texts_ = 0;
  std::atomic<unsigned> clients_gone_ = 0;
};

Server::Server(asio::io_context& context, Session& session, const Endpoint& endpoint)
    : implementation_(std::make_shared<Implementation>(context, session, endpoint)) {
  implementation_->start(endpoint);
}
Server::~Server() { implementation_->stop(); }
const std::string& Server::address() const { return implementation_->address(); }
void Server::set_when_finished(std::function<void()> finished) {
  implementation_->set_when_finished(std::move(finished));
}
void Server::post(TargetEvent event) { implementation_->post(std::move(event)); }

}  // namespace gdbstub
