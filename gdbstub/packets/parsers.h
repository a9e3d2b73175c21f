// One parser for each form of arguments; each is given what follows the packet's prefix.
#pragma once

#include <optional>
#include <variant>

#include "gdbstub/packets/command.h"
#include "gdbstub/packets/packet_arguments.h"

namespace gdbstub::packets {

using Parse = Command (*)(PacketArguments);

// ---- forms that several packets share

// No arguments, or none that matter.
template <class C>
Command plain(PacketArguments) {
  return C{};
}
// None either, but the command comes in several forms.
template <class C, typename C::Form form>
Command in_form(PacketArguments) {
  return C{form};
}
template <class C>
Command with_thread(PacketArguments args) {
  const auto thread = args.take_thread();
  if (!thread || !args.empty()) return command::Malformed{};
  return C{*thread};
}
template <class C>
Command with_range(PacketArguments args) {
  const auto range = args.take_range();
  if (!range || !args.empty()) return command::Malformed{};
  return C{range->address, range->length};
}
template <class C>
Command with_number(PacketArguments args) {
  args.take("0x");
  const auto number = args.take_hex();
  if (!number || !args.empty()) return command::Malformed{};
  return C{*number};
}
template <class C>
Command with_switch(PacketArguments args) {
  if (args.text() == "0") return C{false};
  if (args.text() == "1") return C{true};
  return command::Malformed{};
}
// LLDB's thread suffix alone.
template <class C>
Command with_suffix(PacketArguments args) {
  const auto thread = args.cut_thread_suffix();
  if (!args.empty()) return command::Malformed{};
  return C{thread};
}

// ---- session.cpp
Command supported(PacketArguments args);
Command echo(PacketArguments args);
Command detach(PacketArguments args);
Command monitor(PacketArguments args);

// ---- registers.cpp
Command write_registers(PacketArguments args);
Command read_register(PacketArguments args);
Command write_register(PacketArguments args);
Command restore_registers(PacketArguments args);

// ---- memory.cpp
Command read_memory_ranges(PacketArguments args);
Command write_memory_hex(PacketArguments args);
Command write_memory_binary(PacketArguments args);
Command search_memory(PacketArguments args);
Command memory_region_info(PacketArguments args);

// ---- resume.cpp
Command resume(ResumeKind kind, PacketArguments args);
Command resume_with_signal(ResumeKind kind, PacketArguments args);
Command resume_threads(PacketArguments args);
template <ResumeKind kind>
Command resume_as(PacketArguments args) {
  return resume(kind, args);
}
template <ResumeKind kind>
Command resume_with_signal_as(PacketArguments args) {
  return resume_with_signal(kind, args);
}

// ---- threads
template <command::SelectThread::For purpose>
Command select_thread(PacketArguments args) {
  const auto thread = args.take_thread();
  if (!thread || !args.empty()) return command::Malformed{};
  return command::SelectThread{purpose, *thread};
}

// ---- breakpoints.cpp
using PointKind = std::variant<BreakpointKind, WatchKind>;
Command insert_point(PointKind kind, PacketArguments args);
Command remove_point(PointKind kind, PacketArguments args);
template <auto kind>
Command insert(PacketArguments args) {
  return insert_point(kind, args);
}
template <auto kind>
Command remove(PacketArguments args) {
  return remove_point(kind, args);
}

// ---- tracepoints.cpp
Command define_tracepoint(PacketArguments args);
Command define_trace_source(PacketArguments args);
Command define_trace_variable(PacketArguments args);
Command define_read_only(PacketArguments args);
Command enable_tracepoint(bool on, PacketArguments args);
Command query_tracepoint(PacketArguments args);
Command query_trace_variable(PacketArguments args);
Command set_trace_notes(PacketArguments args);
Command set_trace_buffer_size(PacketArguments args);
Command select_frame(PacketArguments args);
Command read_trace_buffer(PacketArguments args);
Command save_trace(PacketArguments args);
template <bool on>
Command enable_tracepoint_as(PacketArguments args) {
  return enable_tracepoint(on, args);
}

// ---- files.cpp
Command transfer(command::Transfer::Object object, PacketArguments args);
Command file_open(PacketArguments args);
Command file_read(PacketArguments args);
template <command::Transfer::Object object>
Command transfer_of(PacketArguments args) {
  return transfer(object, args);
}

}  // namespace gdbstub::packets
