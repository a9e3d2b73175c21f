// Z0 to Z4, z0 to z4: where, on what condition, and what to do then.
#include <optional>

#include "gdbstub/packets/parsers.h"

namespace gdbstub::packets {
namespace {

// X LENGTH,BYTES ... with nothing between the expressions.
bool take_expressions(PacketArguments& args, std::vector<AgentBytecode>& expressions) {
  while (args.take("X")) {
    const auto bytes = args.take_counted_bytes();
    if (!bytes) return false;
    expressions.emplace_back(bytes->begin(), bytes->end());
  }
  return true;
}

// ,ADDRESS,LENGTH
std::optional<command::PointLocation> take_location(PointKind kind, PacketArguments& args) {
  const auto range = args.take(",") ? args.take_range() : std::nullopt;
  if (!range) return std::nullopt;
  return command::PointLocation{kind, range->address, range->length};
}

}  // namespace

// Z LOCATION[;X...][;cmds:PERSIST,X...]
Command insert_point(PointKind kind, PacketArguments args) {
  const auto location = take_location(kind, args);
  if (!location) return command::Malformed{};
  command::InsertPoint command{*location};
  while (args.take(";")) {
    if (args.take("cmds:")) {
      if (!args.take_hex() || !args.take(",") || !take_expressions(args, command.commands)) return command::Malformed{};
    } else if (!take_expressions(args, command.conditions)) {
      return command::Malformed{};
    }
  }
  if (!args.empty()) return command::Malformed{};
  return command;
}

Command remove_point(PointKind kind, PacketArguments args) {
  const auto location = take_location(kind, args);
  if (!location || !args.empty()) return command::Malformed{};
  return command::RemovePoint{*location};
}

}  // namespace gdbstub::packets
