// The host side of the guest's serial port: what the guest sends goes to a terminal, file, socket or pty, and back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "vmm/console/serial_endpoint.h"
#include "vmm/devices/serial_sink.h"

namespace asio {
class io_context;
}

namespace gdbvm {

class ConsoleInput;
class ConsoleOutput;
class ConsoleHost;

// write() comes from any thread; everything else from the io_context's one thread unless it says otherwise. SIGPIPE is
// ignored by the process. Output order is kept and none is lost, except what a socket or pty without a client would
// have to keep beyond 64 KiB (the newest stays for the next client) and what a broken end does not take.
class Console final : public SerialSink {
 public:
  // Takes bytes for the guest; false: no more until resume_input().
  using Input = std::function<bool(std::span<const std::uint8_t>)>;
  // Is the calling thread wanted elsewhere? Asked every few milliseconds by a write() that waits, and after a signal.
  using Interrupted = std::function<bool()>;

  // Throws std::system_error or std::runtime_error with a sentence. The context outlives the console.
  Console(asio::io_context& context, const SerialEndpoint& endpoint, Interrupted interrupted = {});
  ~Console() override;  // close()
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void start_input(Input input);
  void resume_input();  // from any thread

  // Never blocks for the host's end to take the bytes, unless more than 64 KiB wait: then until there is room, a signal
  // arrives, or the thread is wanted elsewhere. The bytes are taken in any case.
  void write(std::span<const std::uint8_t> bytes) override;

  // Text from gdbvm itself, after the guest's output. Never blocks.
  void say(std::string_view text);

  // For much text: calls it once, on the io_context's thread, when the other end has taken most of what was said.
  void when_room(std::function<void()> then);

  // Gives the other end what is still queued, as long as it goes on taking it (a second without progress is the end),
  // and releases waiting writers. Later output is dropped. Needs no running io_context.
  void close();

  // "unix:PATH" or the pty's "/dev/pts/N", where users connect; else empty.
  std::string address() const;

 private:
  std::shared_ptr<ConsoleOutput> output_;  // null: nobody listens
  std::shared_ptr<ConsoleInput> input_;
  std::shared_ptr<ConsoleHost> host_;  // null where the other end neither comes nor goes
};

}  // namespace gdbvm
