// The host's end of one of the guest's serial ports, which is the present's.
#pragma once

#include <string_view>

#include "vmm/app/present_io.h"
#include "vmm/console/console.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/devices/serial_16550.h"

namespace gdbvm {

class SerialLine final {
 public:
  // Throws as Console does. `context` runs on the debugger's thread, and outlives this.
  SerialLine(asio::io_context& context, const SerialEndpoint& endpoint, Console::Interrupted interrupted)
      : console_(context, endpoint, std::move(interrupted)), io_(context) {}

  Console& console() { return console_; }
  PresentIo& io() { return io_; }
  // What comes from the other end goes to `from_host`, or without one to receive(). All outlive this. The user is told
  // where to find `name` unless it is a file or the terminal.
  void connect(std::string_view name, Serial16550& port, Debuggee& debuggee, Console::Input from_host = {});
  // For the guest; true: there is room for more. After connect().
  bool receive(std::span<const std::uint8_t> bytes) { return io_.receive(bytes); }

 private:
  static gdbstub::Result<bool> give(Serial16550& port, Debuggee& debuggee, std::span<const std::uint8_t> bytes);

  Console console_;
  PresentIo io_;
};

}  // namespace gdbvm
