#include "vmm/console/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "vmm/console/host.h"

namespace gdbvm {

namespace {
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
}  // namespace

Console::Console(asio::io_context& context, const SerialEndpoint& endpoint, Interrupted interrupted) {
  using namespace serial_endpoint;
  if (std::holds_alternative<None>(endpoint)) return;
  output_ = std::make_shared<ConsoleOutput>(context, std::move(interrupted));
  input_ = std::make_shared<ConsoleInput>(context);
  std::visit(Overloaded{
                 [&](const Stdio& stdio) {
                   output_->connect(reopen(context, STDOUT_FILENO, O_WRONLY));
                   // A standard input that is closed is one without bytes.
                   const bool readable = stdio.input && ::fcntl(STDIN_FILENO, F_GETFL) >= 0;
                   if (readable) input_->connect(reopen(context, STDIN_FILENO, O_RDONLY), {});
                 },
                 [&](const Stderr&) { output_->connect(reopen(context, STDERR_FILENO, O_WRONLY)); },
                 [](const None&) {},
                 [&](const File& file) { output_->connect(open_file(context, file.path)); },
                 [&](const UnixSocket& socket) { host_ = listen_on(context, socket, input_, output_); },
                 [&](const TcpSocket& socket) { host_ = listen_on(context, socket, input_, output_); },
                 [&](const Pty&) { host_ = open_pty(context, input_, output_); },
             },
             endpoint);
}

Console::~Console() { close(); }

void Console::start_input(Input input) {
  if (input_) input_->start(std::move(input));
}

void Console::resume_input() {
  if (input_) input_->resume();
}

void Console::write(std::span<const std::uint8_t> bytes) {
  if (output_) output_->write(bytes);
}

void Console::say(std::string_view text) {
  if (output_) output_->write_at_once({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Console::when_room(std::function<void()> then) {
  if (output_) output_->when_room(std::move(then));
}

void Console::close() {
  if (input_) input_->disconnect();
  if (host_) host_->stop();
  if (output_) output_->close();
}

std::string Console::address() const { return host_ ? host_->address() : std::string(); }

}  // namespace gdbvm
