// Monitor commands about the guest's past.
#include <chrono>

#include <fmt/format.h>

#include "vmm/host/parse_number.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

double seconds(Clock::Time time) { return std::chrono::duration<double>(time).count(); }

Result<> require_history(const MonitorContext& context) {
  if (!context.debuggee.history().on()) return fail("no history is kept: gdbvm --history SIZE");
  return {};
}

Result<> info_history(MonitorContext& context, Arguments) {
  if (const auto kept = require_history(context); !kept) return kept;
  const auto extent = held(context, [&] { return context.debuggee.history().extent(); });
  context.print(fmt::format("events {} to {}, {} KiB\n", extent.first, extent.last, extent.bytes >> 10));
  return {};
}

Result<> when(MonitorContext& context, Arguments) {
  if (const auto kept = require_history(context); !kept) return kept;
  const auto extent = held(context, [&] { return context.debuggee.history().extent(); });
  context.print(fmt::format("{} event {}, {:.6f} s\n", extent.in_past ? "in the past, after" : "in the present, after",
                            extent.here, seconds(extent.time)));
  return {};
}

Result<> go_to(MonitorContext& context, Arguments arguments) {
  if (const auto kept = require_history(context); !kept) return kept;
  if (arguments.size() != 1) return fail("usage: goto EVENT|begin|end");
  Result<> gone;
  if (arguments[0] == "end") {
    gone = context.debuggee.go_to_present();
  } else if (arguments[0] == "begin") {
    gone = context.debuggee.go_to(context.debuggee.history().extent().first);
  } else {
    const auto event = parse_number(arguments[0]);
    if (!event) return fail(fmt::format("'{}' is not an event: a number, begin or end", arguments[0]));
    gone = context.debuggee.go_to(*event);
  }
  if (gone) say_how_gdb_goes_on(context);
  return gone;
}

}  // namespace

std::span<const MonitorCommand> history_commands() {
  static constexpr MonitorCommand table[] = {
      {"info history", "", "the events that can be gone back to, and the memory that they take", info_history},
      {"when", "", "where in its history the guest stands", when},
      {"goto", "EVENT|begin|end", "to where an event came, or to the history's begin or end", go_to},
  };
  return table;
}

}  // namespace gdbvm::monitor
