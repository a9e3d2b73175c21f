#include "vmm/app/serial_line.h"

#include <string>
#include <utility>

#include "vmm/host/standard_streams.h"

namespace gdbvm {

void SerialLine::connect(std::string_view name, Serial16550& port, Debuggee& debuggee, Console::Input from_host) {
  io_.set_input([&port, &debuggee](auto bytes) { return give(port, debuggee, bytes); },
                [this] { console_.resume_input(); });
  port.set_input_wanted([this] { console_.resume_input(); });
  if (!from_host) from_host = [this](auto bytes) { return receive(bytes); };
  console_.start_input(std::move(from_host));
  if (const std::string address = console_.address(); !address.empty()) tell_user("{} on {}", name, address);
}

gdbstub::Result<bool> SerialLine::give(Serial16550& port, Debuggee& debuggee, std::span<const std::uint8_t> bytes) {
  if (!debuggee.history().on()) return port.receive(bytes);
  bool room = false;
  const auto given = debuggee.give([&] { room = port.receive(bytes); });
  if (!given) return std::unexpected(given.error());
  return room;
}

}  // namespace gdbvm
