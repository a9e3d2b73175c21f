// One client at a time, and the target's events for it.
#include "gdbstub/server/server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include <asio/post.hpp>

#include "gdbstub/server/accept_loop.h"
#include "gdbstub/server/connection.h"
#include "gdbstub/server/peer.h"
#include "gdbstub/server/rejection.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

constexpr std::size_t max_backlog = 4 * packet_size;  // bytes of console text that wait for a slow client
constexpr int max_queued_texts = 4096;                // console events that wait for the I/O thread

}  // namespace

class Server::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(asio::io_context& context, Session& session, const Endpoint& endpoint, const Patience& patience)
      : context_(context),
        session_(session),
        accepting_(std::make_shared<AcceptLoop>(context, endpoint)),
        patience_(patience),
        timer_(context) {}

  void start(const Endpoint& endpoint) {
    using Descriptor = asio::posix::stream_descriptor;
    accepting_->start([this](Socket socket) { arrived(std::move(socket)); });
    if (const auto* pair = std::get_if<StdioEndpoint>(&endpoint)) {
      adopt(Channel(DescriptorPair{Descriptor(context_, pair->in), Descriptor(context_, pair->out)}));
    }
  }
  void stop() {
    accepting_->stop();
    timer_.cancel();
    if (connection_ != nullptr) connection_->close();
    connection_.reset();
  }
  const std::string& address() const { return accepting_->address(); }
  void set_log(std::function<void(std::string_view)> log) { log_ = std::move(log); }
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
    wait_for_room();
  }
  // A moment for one that may be about to end, or until one that says nothing has had its time.
  void wait_for_room() {
    const auto reconnect = std::chrono::steady_clock::now() + patience_.reconnect;
    timer_.expires_at(session_.has_client() ? reconnect : std::max(reconnect, adopted_at_ + patience_.first_packet));
    timer_.async_wait([weak = weak_from_this()](asio::error_code error) {
      const auto self = weak.lock();
      if (self == nullptr || error || !self->waiting_) return;
      if (self->evict_idle_client()) return;
      reject(std::move(*self->waiting_));
      self->waiting_.reset();
    });
  }
  bool evict_idle_client() {
    Socket* const socket = connection_->channel().socket();
    const bool is_gone = socket != nullptr && is_unanswered(*socket, patience_);
    if (session_.has_client() && !is_gone) return false;
    say(is_gone ? "a client that does not answer any more makes room for another one"
                : "a connection that has sent no packet makes room for another one");
    connection_->close();
    gone();
    return true;
  }
  void adopt(Channel channel) {
    if (Socket* const socket = channel.socket(); socket != nullptr) probe_when_silent(*socket, patience_);
    adopted_at_ = std::chrono::steady_clock::now();
    connection_ = std::make_shared<Connection>(context_, std::move(channel), session_, [this](Connection::End how) {
      if (how == Connection::End::Stranger) say("a connection that does not speak the remote protocol is closed");
      gone();
    });
    connection_->start();
  }
  void say(std::string_view line) const {
    if (log_) log_(line);
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
    timer_.cancel();
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
  const Patience patience_;
  asio::steady_timer timer_;  // of the client that waits
  std::shared_ptr<Connection> connection_;
  std::function<void()> finished_;
  std::function<void(std::string_view)> log_;
  std::chrono::steady_clock::time_point adopted_at_;  // of connection_
  std::optional<Socket> waiting_;                     // for the present connection, which may be about to end
  std::atomic<int> queued_texts_ = 0;
  std::atomic<unsigned> clients_gone_ = 0;
};

Server::Server(asio::io_context& context, Session& session, const Endpoint& endpoint, const Patience& patience)
    : implementation_(std::make_shared<Implementation>(context, session, endpoint, patience)) {
  implementation_->start(endpoint);
}
Server::~Server() { implementation_->stop(); }
const std::string& Server::address() const { return implementation_->address(); }
void Server::set_when_finished(std::function<void()> finished) {
  implementation_->set_when_finished(std::move(finished));
}
void Server::set_log(std::function<void(std::string_view)> log) { implementation_->set_log(std::move(log)); }
void Server::post(TargetEvent event) { implementation_->post(std::move(event)); }

}  // namespace gdbstub
