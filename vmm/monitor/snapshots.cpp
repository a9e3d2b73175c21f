// Monitor commands that take snapshots of the machine and go back to them.
#include <chrono>

#include <fmt/format.h>

#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/snapshot_file.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

Result<> save(MonitorContext& context, Arguments arguments) {
  constexpr std::string_view in_a_file = "file:";
  if (!arguments.empty() && arguments[0].starts_with(in_a_file))
    return save_to_file(context, std::string(as_written(arguments).substr(in_a_file.size())));
  if (arguments.size() > 1) return fail("usage: savevm [NAME|file:PATH]");
  NamedSnapshots& snapshots = context.debuggee.snapshots();
  const std::string name = arguments.empty() ? snapshots.free_name() : std::string(arguments[0]);
  if (auto taken = snapshots.take(name); !taken) return taken;
  context.print(fmt::format("saved as {}\n", name));
  return {};
}

Result<> load(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: loadvm NAME");
  if (auto loaded = context.debuggee.load_snapshot(std::string(arguments[0])); !loaded) return loaded;
  say_how_gdb_goes_on(context);
  return {};
}

Result<> remove(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: delvm NAME");
  return context.debuggee.snapshots().remove(std::string(arguments[0]));
}

Result<> list(MonitorContext& context, Arguments) {
  const auto& all = context.debuggee.snapshots().all();
  if (all.empty()) context.print("there are no snapshots\n");
  for (const auto& [name, snapshot] : all) {
    const auto seconds = std::chrono::duration<double>(snapshot.time).count();
    context.print(fmt::format("{:<16} at {:.6f} s\n", name, seconds));
    for (std::size_t cpu = 0; cpu < snapshot.cpus.size(); ++cpu) {
      const auto& [pc, state] = snapshot.cpus[cpu];
      const bool runs = state == x86::RunState::Runnable;
      const std::string place = context.debuggee.describe(pc, snapshot.slide);
      context.print(fmt::format("  CPU {}: {}{}\n", cpu, place, runs ? "" : fmt::format(" [{}]", x86::name_of(state))));
    }
  }
  if (!all.empty()) {
    context.print(fmt::format("RAM kept for all of them: {} KiB\n", context.debuggee.snapshots().kept_bytes() >> 10));
  }
  return {};
}

}  // namespace

std::span<const MonitorCommand> snapshot_commands() {
  static constexpr MonitorCommand table[] = {
      {"savevm", "[NAME|file:PATH]",
       "take a snapshot of the machine with its disks, without breakpoints; in a file, for --restore", save},
      {"loadvm", "NAME", "back to a snapshot; breakpoints stay", load},
      {"delvm", "NAME", "forget a snapshot", remove},
      {"info snapshots", "", "the snapshots: the machine's time, memory used, and where each CPU was", list},
  };
  return table;
}

}  // namespace gdbvm::monitor
