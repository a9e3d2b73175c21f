// Writes stop replies with thread, expedited registers and reason, in GDB's words and in LLDB's.
#include "gdbstub/session/stop_reply.h"

#include <array>
#include <vector>

namespace gdbstub {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

std::string_view watch_key(WatchKind kind) {
  switch (kind) {
    case WatchKind::Write:
      return "watch";
    case WatchKind::Read:
      return "rwatch";
    case WatchKind::Access:
      return "awatch";
  }
  return "watch";
}

// The reason keys of GDB's own; LLDB reads the watch keys too.
void write_reason(Reply& reply, const StopReason& reason, const Dialect& dialect) {
  std::visit(
      Overload{[&](const stop::SoftwareBreakpoint&) {
                 if (dialect.swbreak) reply.text("swbreak:;");
               },
               [&](const stop::HardwareBreakpoint&) {
                 if (dialect.hwbreak) reply.text("hwbreak:;");
               },
               [&](const stop::Watchpoint& hit) { reply.format("{}:{:x};", watch_key(hit.kind), hit.address.value); },
               [&](const stop::HistoryEnd& end) {
                 reply.format("replaylog:{};", end.side == stop::HistoryEnd::Side::Begin ? "begin" : "end");
               },
               [&](const stop::LibrariesChanged&) { reply.text("library:;"); }, [](const auto&) {}},
      reason);
}

void write_register(Reply& reply, ThreadId thread, RegisterNumber number, const StopReplyContext& context) {
  const auto* slot = context.registers.find(number);
  std::array<std::uint8_t, 64> bytes;
  if (number.value >= context.known_registers || slot == nullptr || slot->size > bytes.size()) return;
  const auto value = MutableBytes(bytes).first(slot->size);
  if (!context.target.read_register(thread, number, value)) return;
  reply.format("{:02x}:", number.value);
  reply.hex(value);
  reply.text(";");
}

// threads:1,2;thread-pcs:PC,PC; of QListThreadsInStopReply, the pcs as big-endian numbers.
void write_thread_list(Reply& reply, const StopReplyContext& context) {
  const std::vector<ThreadId> threads = context.target.threads();
  std::string ids;
  std::string pcs;
  for (const ThreadId thread : threads) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", thread);
    std::uint64_t pc = 0;
    const auto number = context.registers.pc();
    const auto* slot = number ? context.registers.find(*number) : nullptr;
    if (slot == nullptr || slot->size > sizeof pc) continue;
    const MutableBytes bytes(reinterpret_cast<std::uint8_t*>(&pc), slot->size);
    if (context.target.read_register(thread, *number, bytes)) {
      pcs += fmt::format("{}{:x}", pcs.empty() ? "" : ",", pc);
    }
  }
  reply.format("threads:{};", ids);
  if (!pcs.empty()) reply.format("thread-pcs:{};", pcs);
}

void write_stopped(Reply& reply, const StopEvent& event, const StopReplyContext& context) {
  reply.format("T{:02x}", static_cast<unsigned>(signal_of(event.reason)));
  reply.text("thread:");
  write_thread_id(reply, event.thread, context.dialect);
  reply.text(";");
  if (context.dialect.list_threads) write_thread_list(reply, context);
  for (const RegisterNumber number : context.registers.expedited()) {
    write_register(reply, event.thread, number, context);
  }
  write_reason(reply, event.reason, context.dialect);
  if (!context.dialect.lldb) return;
  if (!std::holds_alternative<stop::Watchpoint>(event.reason)) {
    reply.format("reason:{};", lldb_reason(event.reason));  // watch: says so already, with the address
  }
  if (!event.message.empty()) {
    reply.text("description:");
    reply.hex(event.message);
    reply.text(";");
  }
}

}  // namespace

void write_thread_id(Reply& reply, ThreadId thread, const Dialect& dialect) {
  reply.format("{}{}", dialect.multiprocess ? "p1." : "", thread);
}

Signal signal_of(const StopReason& reason) {
  if (const auto* signalled = std::get_if<stop::Signalled>(&reason)) return signalled->signal;
  return Signal::Trap;
}

std::string_view lldb_reason(const StopReason& reason) {
  return std::visit(Overload{[](const stop::StepComplete&) -> std::string_view { return "trace"; },
                             [](const stop::SoftwareBreakpoint&) -> std::string_view { return "breakpoint"; },
                             [](const stop::HardwareBreakpoint&) -> std::string_view { return "breakpoint"; },
                             [](const stop::Watchpoint&) -> std::string_view { return "watchpoint"; },
                             [](const stop::HistoryEnd& end) -> std::string_view {
                               return end.side == stop::HistoryEnd::Side::Begin ? "history begin" : "history end";
                             },
                             [](const auto&) -> std::string_view { return "signal"; }},
                    reason);
}

void write_stop_reply(Reply& reply, const StopEvent& event, const StopReplyContext& context) {
  const std::string_view process = context.dialect.multiprocess ? ";process:1" : "";
  if (const auto* exited = std::get_if<stop::Exited>(&event.reason)) {
    reply.format("W{:02x}{}", exited->status, process);
  } else if (const auto* killed = std::get_if<stop::Killed>(&event.reason)) {
    reply.format("X{:02x}{}", static_cast<unsigned>(killed->signal), process);
  } else {
    write_stopped(reply, event, context);
  }
}

}  // namespace gdbstub
