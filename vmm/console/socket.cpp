// The serial port on a Unix or TCP socket: one client at a time, the next one waits in the listen queue.
#include <unistd.h>

#include <optional>

#include "gdbstub/server/listener.h"
#include "vmm/console/host.h"

namespace gdbvm {

namespace {

class SocketHost final : public ConsoleHost, public std::enable_shared_from_this<SocketHost> {
 public:
  SocketHost(asio::io_context& context, const gdbstub::Endpoint& endpoint, std::shared_ptr<ConsoleInput> input,
             std::shared_ptr<ConsoleOutput> output)
      : context_(context),
        listener_(std::in_place, context, endpoint),
        address_((std::holds_alternative<gdbstub::TcpEndpoint>(endpoint) ? "tcp:" : "") + listener_->address()),
        input_(std::move(input)),
        output_(std::move(output)) {}

  std::string address() const override { return address_; }

  void accept() {
    listener_->acceptor().async_accept([self = shared_from_this()](const std::error_code& error, auto client) {
      if (error == asio::error::operation_aborted) return;
      if (error) return self->accept();
      self->serve(client.release());
    });
  }

  void stop() override { listener_.reset(); }

 private:
  void serve(int client) {
    const int second = ::dup(client);
    asio::posix::stream_descriptor reader(context_, client);
    if (second < 0) return accept();
    output_->connect({context_, second});
    input_->connect(std::move(reader), [self = shared_from_this()] {
      self->output_->disconnect();
      if (self->listener_) self->accept();
    });
  }

  asio::io_context& context_;
  std::optional<gdbstub::Listener> listener_;  // nullopt: stopped
  const std::string address_;
  const std::shared_ptr<ConsoleInput> input_;
  const std::shared_ptr<ConsoleOutput> output_;
};

}  // namespace

std::shared_ptr<ConsoleHost> listen_on(asio::io_context& context, const gdbstub::Endpoint& endpoint,
                                       std::shared_ptr<ConsoleInput> input, std::shared_ptr<ConsoleOutput> output) {
  auto host = std::make_shared<SocketHost>(context, endpoint, std::move(input), std::move(output));
  host->accept();
  return host;
}

}  // namespace gdbvm
