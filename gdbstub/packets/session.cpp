// qSupported qEcho D qRcmd.
#include "gdbstub/packets/parsers.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub::packets {

Command supported(PacketArguments args) {
  if (!args.empty() && !args.take(":")) return command::Unsupported{};
  return command::Supported{args.text()};
}

Command echo(PacketArguments args) { return command::Echo{args.text()}; }

// D, D;PROCESS
Command detach(PacketArguments args) {
  if (!args.empty() && !(args.take(";") && args.take_hex() && args.empty())) return command::Malformed{};
  return command::Detach{};
}

Command monitor(PacketArguments args) {
  const auto line = decode_hex(args.rest());
  if (!line) return command::Malformed{};
  return command::Monitor{*line};
}

}  // namespace gdbstub::packets
