// qXfer and vFile.
#include "gdbstub/packets/parsers.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub::packets {

// ANNEX:OFFSET,LENGTH
Command transfer(command::Transfer::Object object, PacketArguments args) {
  const auto annex = args.take_until(':');
  const auto range = args.take_range();
  if (!range || !args.empty()) return command::Malformed{};
  return command::Transfer{object, {annex.data(), annex.size()}, range->address.value, range->length};
}

// PATH,FLAGS,MODE; a file opened for writing fails when it is written.
Command file_open(PacketArguments args) {
  const auto path = decode_hex(args.take_until(','));
  if (!path) return command::Malformed{};
  return command::FileOpen{*path};
}

// FD,COUNT,OFFSET
Command file_read(PacketArguments args) {
  const auto fd = args.take_hex();
  if (!fd || !args.take(",")) return command::Malformed{};
  const auto range = args.take_range();
  if (!range || !args.empty()) return command::Malformed{};
  return command::FileRead{*fd, range->address.value, range->length};
}

}  // namespace gdbstub::packets
