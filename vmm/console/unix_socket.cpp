// The serial port on a Unix socket: one client at a time, the next one waits in the listen queue.
#include <unistd.h>

#include <optional>

#include <asio/local/stream_protocol.hpp>

#include "gdbstub/server/unix_listener.h"
#include "vmm/console/host.h"

namespace gdbvm {

namespace {

class UnixSocketHost final : public ConsoleHost, public std::enable_shared_from_this<UnixSocketHost> {
 public:
  UnixSocketHost(asio::io_context& context, std::string path, std::shared_ptr<ConsoleInput> input,
                 std::shared_ptr<ConsoleOutput> output)
      : context_(context),
        listener_(path),
        acceptor_(context),
        path_(std::move(path)),
        input_(std::move(input)),
        output_(std::move(output)) {
    acceptor_.assign(asio::local::stream_protocol(), listener_->release());
  }
  ~UnixSocketHost() override { stop(); }

  std::string address() const override { return "unix:" + path_; }

  void accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](const std::error_code& error, asio::local::stream_protocol::socket client) {
          if (error == asio::error::operation_aborted) return;
          if (error) return self->accept();
          self->serve(client.release());
        });
  }

  void stop() override {
    std::error_code ignored;
    acceptor_.close(ignored);
    listener_.reset();
  }

 private:
  void serve(int client) {
    const int second = ::dup(client);
    asio::posix::stream_descriptor reader(context_, client);
    if (second < 0) return accept();
    output_->connect({context_, second});
    input_->connect(std::move(reader), [self = shared_from_this()] {
      self->output_->disconnect();
      if (self->acceptor_.is_open()) self->accept();
    });
  }

  asio::io_context& context_;
  std::optional<gdbstub::UnixListener> listener_;  // the socket's file
  asio::local::stream_protocol::acceptor acceptor_;
  const std::string path_;
  const std::shared_ptr<ConsoleInput> input_;
  const std::shared_ptr<ConsoleOutput> output_;
};

}  // namespace

std::shared_ptr<ConsoleHost> listen_on(asio::io_context& context, const std::string& path,
                                       std::shared_ptr<ConsoleInput> input, std::shared_ptr<ConsoleOutput> output) {
  auto host = std::make_shared<UnixSocketHost>(context, path, std::move(input), std::move(output));
  host->accept();
  return host;
}

}  // namespace gdbvm
