// g G p P, and the register states that LLDB saves.
#include <optional>

#include "gdbstub/packets/parsers.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub::packets {
namespace {

std::optional<RegisterNumber> take_register(PacketArguments& args) {
  const auto number = args.take_hex();
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return RegisterNumber{static_cast<std::uint32_t>(*number)};
}

}  // namespace

Command write_registers(PacketArguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto bytes = decode_hex(args.rest());
  if (!bytes) return command::Malformed{};
  return command::WriteRegisters{thread, *bytes};
}

Command read_register(PacketArguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto number = take_register(args);
  if (!number || !args.empty()) return command::Malformed{};
  return command::ReadRegister{thread, *number};
}

Command write_register(PacketArguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto number = take_register(args);
  if (!number || !args.take("=")) return command::Malformed{};
  const auto bytes = decode_hex(args.rest());
  if (!bytes) return command::Malformed{};
  return command::WriteRegister{thread, *number, *bytes};
}

Command restore_registers(PacketArguments args) {
  const auto thread = args.cut_thread_suffix();
  const auto id = args.take_decimal();
  if (!id || !args.empty()) return command::Malformed{};
  return command::RestoreRegisters{thread, *id};
}

}  // namespace gdbstub::packets
