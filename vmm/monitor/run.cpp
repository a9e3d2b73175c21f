// Monitor commands that run, stop and end the guest, or tell why it left.
#include "vmm/debug/control/debuggee.h"
#include "vmm/host/parse_number.h"
#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

Result<> info_stops(MonitorContext& context, Arguments) {
  RunControl& control = context.debuggee.run_control();
  std::string text;
  control.held([&] {
    for (const auto& breakpoint : control.armed().plan().breakpoints) {
      const auto& planned = breakpoint.stop->planned;
      text += fmt::format("{:<18} {:<10} {}{}{}", breakpoint.address,
                          planned.hardware   ? "hbreak"
                          : planned.software ? "break"
                          : planned.trace    ? "trace"
                                             : "libraries",
                          name_of(breakpoint.mechanism), breakpoint.why.empty() ? "" : ": ", breakpoint.why);
      if (const auto count = breakpoint.stop->conditions_false.load()) {
        text += fmt::format(", condition false {} times", count);
      }
      text += '\n';
    }
    constexpr std::string_view kinds[] = {"watch", "rwatch", "awatch"};
    for (const auto& watchpoint : control.armed().plan().watchpoints) {
      const auto& stop = *watchpoint.stop;
      text += fmt::format("{:<18} {:<10} {}{}{}\n", stop.start, kinds[static_cast<int>(stop.kind)],
                          name_of(watchpoint.mechanism), watchpoint.why.empty() ? "" : ": ", watchpoint.why);
    }
  });
  context.print(text.empty() ? "no breakpoints or watchpoints were set when the guest last ran\n" : text);
  return {};
}

Result<> info_status(MonitorContext& context, Arguments) {
  context.print(context.debuggee.running() ? "VM status: running\n" : "VM status: paused\n");
  return {};
}

Result<> exit_counts(MonitorContext& context, Arguments) {
  for (std::size_t kind = 0; kind < std::variant_size_v<Exit>; ++kind) {
    if (const auto count = context.debuggee.run_control().exits_of(kind)) {
      context.print(fmt::format("{:<16} {}\n", name_of_exit(kind), count));
    }
  }
  for (const auto& [port, count] : context.debuggee.machine().bus().unclaimed()) {
    context.print(fmt::format("port {:#06x} (no device) {}\n", port, count));
  }
  return {};
}

Result<> catch_exception(MonitorContext& context, Arguments arguments) {
  if (!context.debuggee.has_client()) return fail("no debugger is connected, so nobody would see the stop");
  RunControl& control = context.debuggee.run_control();
  std::set<std::uint8_t> vectors = control.held([&] { return control.stops().caught(); });
  for (const std::string_view argument : arguments) {
    if (argument == "none") vectors.clear();
    for (std::uint8_t vector = 0; argument == "all" && vector < x86::exception_count; ++vector) vectors.insert(vector);
    if (argument == "none" || argument == "all") continue;
    std::optional<std::uint64_t> vector = gdbvm::parse_number(argument);
    if (!vector) vector = x86::exception_named(argument);
    if (!vector || *vector >= x86::exception_count) {
      return fail(fmt::format("'{}' is not an exception: 0 to 31, a name such as #PF, all or none", argument));
    }
    vectors.insert(static_cast<std::uint8_t>(*vector));
  }
  std::string text = vectors.empty() ? "no exceptions are caught" : "caught:";
  for (const std::uint8_t vector : vectors) {
    const auto name = x86::name_of_exception(vector);
    text += fmt::format(" {} ({})", vector, name.empty() ? "exception" : name);
  }
  const auto possible = control.held([&] { return control.armed().can_catch_exceptions(); });
  if (!possible && !vectors.empty()) return possible;
  control.held([&] { control.stops().catch_exceptions(std::move(vectors)); });
  context.print(text + "\n");
  return {};
}

Result<> set_step_interrupts(MonitorContext& context, Arguments arguments) {
  RunControl& control = context.debuggee.run_control();
  if (arguments.size() > 1 || (arguments.size() == 1 && arguments[0] != "on" && arguments[0] != "off")) {
    return fail("usage: set step-interrupts on|off");
  }
  if (!arguments.empty()) control.held([&] { control.stepper().allow_interrupts(arguments[0] == "on"); });
  context.print(fmt::format("interrupts are {} while stepping\n",
                            control.stepper().interrupts_allowed() ? "delivered" : "held off"));
  return {};
}

Result<> inject_nmi(MonitorContext& context, Arguments arguments) {
  Machine& machine = context.debuggee.machine();
  const auto cpu = arguments.empty() ? Result<std::uint64_t>(context.thread.value - 1) : parse_number(arguments[0]);
  if (!cpu || *cpu >= machine.cpus() || arguments.size() > 1) {
    return fail(fmt::format("usage: nmi [CPU], and there are CPUs 0 to {}", machine.cpus() - 1));
  }
  return context.debuggee.give([&] { machine.vcpu({static_cast<std::uint32_t>(*cpu)}).inject_nmi(); });
}

Result<> stop(MonitorContext& context, Arguments) {
  context.debuggee.pause();
  return {};
}

// A debugger would not learn that somebody else has started the guest.
Result<> cont(MonitorContext& context, Arguments) {
  if (context.debuggee.has_client()) return fail("a debugger is connected; continue the guest there");
  if (auto future = context.debuggee.history().require_future(); !future) return future;
  context.debuggee.run();
  return {};
}

Result<> system_reset(MonitorContext& context, Arguments) {
  if (auto done = context.debuggee.restart(); !done) return done;
  say_how_gdb_goes_on(context);
  return {};
}

// OpenOCD's words, which IDEs send by default: they mean the machine, and an error would end what the IDE is about.
Result<> reset(MonitorContext& context, Arguments arguments) {
  const std::string_view then = arguments.empty() ? "" : arguments[0];
  if (arguments.size() > 1 || (then != "" && then != "run" && then != "halt" && then != "init")) {
    return fail("usage: reset [run|halt|init]");
  }
  const bool stops = then == "halt" || then == "init";
  using After = Debuggee::AfterRestart;
  if (auto done = context.debuggee.restart(stops ? After::Stopped : After::AsBefore); !done) return done;
  if (then == "run" && !context.debuggee.has_client()) context.debuggee.run();
  say_how_gdb_goes_on(context);
  return {};
}

Result<> resume(MonitorContext& context, Arguments arguments) {
  if (!context.debuggee.has_client()) return cont(context, arguments);
  if (!context.debuggee.running()) context.print("a debugger is connected; continue the guest there\n");
  return {};
}

Result<> quit(MonitorContext& context, Arguments) {
  context.debuggee.quit();
  return {};
}

}  // namespace

std::span<const MonitorCommand> run_commands() {
  static constexpr MonitorCommand table[] = {
      {"info status", "", "whether the guest runs", info_status},
      {"stop", "", "stop all CPUs; a debugger that is waiting for a stop gets one", stop},
      {"cont", "", "let all CPUs run; refused while a debugger is connected", cont},
      {"info stops", "", "the breakpoints and watchpoints of the last run, each with its mechanism", info_stops},
      {"catch exception", "VECTOR|#NAME|all|none", "stop at the guest's handlers of these exceptions", catch_exception},
      {"set step-interrupts", "[on|off]", "deliver interrupts between single steps, or hold them off (the default)",
       set_step_interrupts},
      {"exits", "", "how often the guest left to gdbvm, by reason", exit_counts},
      {"nmi", "[CPU]", "send a non-maskable interrupt to the selected CPU, or to that one", inject_nmi},
      {"system_reset", "", "back to the state before the first instruction; breakpoints stay", system_reset},
      {"reset", "[run|halt|init]", "the same; halt and init: and stop all CPUs there", reset},
      {"halt", "", "the same as stop", stop},
      {"resume", "", "the same as cont, but no error while a debugger is connected", resume},
      {"quit", "", "end the guest and gdbvm", quit},
  };
  return table;
}

}  // namespace gdbvm::monitor
