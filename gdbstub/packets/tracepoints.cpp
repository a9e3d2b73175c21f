// QT and qT packets.
#include "gdbstub/packets/parsers.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub::packets {
namespace {

std::optional<std::uint32_t> take_number(PacketArguments& args) {
  const auto number = args.take_hex();
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

struct Id {
  std::uint32_t number;
  Address address;
};
// NUMBER:ADDRESS
std::optional<Id> take_id(PacketArguments& args) {
  const auto number = take_number(args);
  const auto address = number && args.take(":") ? args.take_address() : std::nullopt;
  if (!address) return std::nullopt;
  return Id{*number, *address};
}

// A `-` at the end: more packets of the same definition follow.
bool cut_more(PacketArguments& args) {
  const bool more = args.text().ends_with('-');
  if (more) args = PacketArguments(args.rest().first(args.rest().size() - 1));
  return more;
}

// [:F LENGTH][:X LENGTH,BYTES]
bool take_options(PacketArguments& args, command::DefineTracepoint& definition) {
  while (args.take(":")) {
    if (args.take("F")) {
      if (!args.take_hex()) return false;
      definition.fast = true;
      continue;
    }
    definition.condition = args.take("X") ? args.take_counted_bytes() : std::nullopt;
    if (!definition.condition) return false;
  }
  return args.empty();
}

Command trace_actions(PacketArguments args) {
  const auto id = take_id(args);
  if (!id || !args.take(":")) return command::Malformed{};
  const bool more = cut_more(args);
  return command::DefineTraceActions{id->number, id->address, args.text(), more};
}

}  // namespace

// [-]NUMBER:ADDRESS:... with actions after the `-`, else E|D:STEPS:PASSES and options.
Command define_tracepoint(PacketArguments args) {
  if (args.take("-")) return trace_actions(args);
  const auto id = take_id(args);
  if (!id || !args.take(":")) return command::Malformed{};
  const bool enabled = args.take("E");
  if (!enabled && !args.take("D")) return command::Malformed{};
  const auto steps = args.take(":") ? args.take_hex() : std::nullopt;
  const auto passes = steps && args.take(":") ? args.take_hex() : std::nullopt;
  if (!passes) return command::Malformed{};
  command::DefineTracepoint definition{id->number, id->address, enabled, *steps, *passes};
  definition.more = cut_more(args);
  if (!take_options(args, definition)) return command::Malformed{};
  return definition;
}

// NUMBER:ADDRESS:TYPE:START:TOTAL:TEXT
Command define_trace_source(PacketArguments args) {
  const auto id = take_id(args);
  if (!id || !args.take(":")) return command::Malformed{};
  const auto type = args.take_until(':');
  const auto start = args.take_hex();
  const auto total = start && args.take(":") ? args.take_hex() : std::nullopt;
  const auto text = total && args.take(":") ? decode_hex(args.rest()) : std::nullopt;
  if (!text) return command::Malformed{};
  return command::DefineTraceSource{id->number, id->address, {type.data(), type.size()}, *start, *total, *text};
}

// NUMBER:VALUE:BUILTIN:NAME
Command define_trace_variable(PacketArguments args) {
  const auto number = take_number(args);
  const auto value = number && args.take(":") ? args.take_hex() : std::nullopt;
  const bool complete = value && args.take(":") && args.take_hex() && args.take(":");
  const auto name = complete ? decode_hex(args.rest()) : std::nullopt;
  if (!name) return command::Malformed{};
  return command::DefineTraceVariable{*number, *value, *name};
}

// START,END:START,END...
Command define_read_only(PacketArguments args) {
  command::DefineReadOnly definition;
  while (!args.empty()) {
    if (!definition.ranges.empty() && !args.take(":")) return command::Malformed{};
    const auto range = args.take_range();
    if (!range) return command::Malformed{};
    definition.ranges.emplace_back(range->address, Address{range->length});
  }
  return definition;
}

Command enable_tracepoint(bool on, PacketArguments args) {
  const auto id = take_id(args);
  if (!id || !args.empty()) return command::Malformed{};
  return command::EnableTracepoint{id->number, id->address, on};
}

Command query_tracepoint(PacketArguments args) {
  const auto id = take_id(args);
  if (!id || !args.empty()) return command::Malformed{};
  return command::QueryTracepoint{id->number, id->address};
}

Command query_trace_variable(PacketArguments args) {
  const auto number = take_number(args);
  if (!number || !args.empty()) return command::Malformed{};
  return command::QueryTraceVariable{*number};
}

// user:TEXT;notes:TEXT;tstop:TEXT;
Command set_trace_notes(PacketArguments args) {
  command::SetTraceNotes notes;
  while (!args.empty()) {
    PacketArguments part(args.take_until(';'));
    std::optional<Bytes>* const where = part.take("user:")    ? &notes.user
                                        : part.take("notes:") ? &notes.notes
                                        : part.take("tstop:") ? &notes.stop
                                                              : nullptr;
    if (where == nullptr) return command::Malformed{};
    *where = decode_hex(part.rest());
    if (!*where) return command::Malformed{};
  }
  return notes;
}

// -1 for any size; also as it is written in hexadecimal.
Command set_trace_buffer_size(PacketArguments args) {
  if (args.text() == "-1") return command::SetTraceBufferSize{};
  const auto bytes = args.take_hex();
  if (!bytes || !args.empty()) return command::Malformed{};
  if (*bytes == UINT32_MAX || *bytes == UINT64_MAX) return command::SetTraceBufferSize{};
  return command::SetTraceBufferSize{bytes};
}

// NUMBER, pc:ADDRESS, tdp:NUMBER, range:FIRST:LAST, outside:FIRST:LAST
Command select_frame(PacketArguments args) {
  using Select = command::SelectFrame;
  if (args.take("pc:")) {
    const auto pc = args.take_address();
    if (!pc || !args.empty()) return command::Malformed{};
    return Select{Select::At{*pc}};
  }
  const bool of = args.take("tdp:");
  const bool range = !of && args.take("range:"), outside = !of && !range && args.take("outside:");
  if (range || outside) {
    const auto first = args.take_address();
    const auto last = first && args.take(":") ? args.take_address() : std::nullopt;
    if (!last || !args.empty()) return command::Malformed{};
    return Select{Select::Within{*first, *last, outside}};
  }
  if (args.text() == "-1") return Select{Select::Number{UINT32_MAX}};
  const auto number = take_number(args);
  if (!number || !args.empty()) return command::Malformed{};
  if (of) return Select{Select::Of{*number}};
  return Select{Select::Number{*number}};
}

Command read_trace_buffer(PacketArguments args) {
  const auto range = args.take_range();
  if (!range || !args.empty()) return command::Malformed{};
  return command::ReadTraceBuffer{range->address.value, range->length};
}

Command save_trace(PacketArguments args) {
  const auto path = decode_hex(args.rest());
  if (!path || path->empty()) return command::Malformed{};
  return command::SaveTrace{*path};
}

}  // namespace gdbstub::packets
