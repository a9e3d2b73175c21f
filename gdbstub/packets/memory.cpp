// M X, MultiMemRead, qSearch:memory, qMemoryRegionInfo.
#include "gdbstub/packets/parsers.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub::packets {

// ADDRESS,LENGTH,ADDRESS,LENGTH; and perhaps `options:`, of which there are none yet.
Command read_memory_ranges(PacketArguments args) {
  command::ReadMemoryRanges command;
  do {
    const auto range = args.take_range();
    if (!range) return command::Malformed{};
    command.ranges.push_back({range->address, range->length});
  } while (args.take(","));
  if (!args.take(";")) return command::Malformed{};
  args.take("options:;");
  if (!args.empty()) return command::Malformed{};
  return command;
}

Command write_memory_hex(PacketArguments args) {
  const auto range = args.take_range();
  if (!range || !args.take(":")) return command::Malformed{};
  const auto bytes = decode_hex(args.rest());
  if (!bytes || bytes->size() != range->length) return command::Malformed{};
  return command::WriteMemory{range->address, *bytes};
}

Command write_memory_binary(PacketArguments args) {
  const auto range = args.take_range();
  if (!range || !args.take(":") || args.bytes().size() != range->length) return command::Malformed{};
  return command::WriteMemory{range->address, args.bytes()};
}

// qSearch:memory:ADDRESS;LENGTH;PATTERN
Command search_memory(PacketArguments args) {
  const auto address = args.take_address();
  if (!address || !args.take(";")) return command::Malformed{};
  const auto length = args.take_hex();
  if (!length || !args.take(";") || args.empty()) return command::Malformed{};
  return command::SearchMemory{*address, *length, args.bytes()};
}

Command memory_region_info(PacketArguments args) {
  if (args.empty()) return command::MemoryRegionInfo{};
  const auto address = args.take(":") ? args.take_address() : std::nullopt;
  if (!address || !args.empty()) return command::Malformed{};
  return command::MemoryRegionInfo{address};
}

}  // namespace gdbstub::packets
