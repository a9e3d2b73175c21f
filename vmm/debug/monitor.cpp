// The `monitor` commands: one table of name, arguments, help and function.
#include "vmm/debug/monitor.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "vmm/debug/exceptions.h"
#include "vmm/debug/kvm_target.h"

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

namespace {

using Arguments = std::span<const std::string_view>;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

Result<> help(MonitorContext& context, Arguments) {
  for (const MonitorCommand& command : monitor_commands()) {
    const std::string form =
        fmt::format("{}{}{}", command.name, command.arguments.empty() ? "" : " ", command.arguments);
    context.print(fmt::format("{:<32} {}\n", form, command.help));
  }
  return {};
}

Result<> info_registers(MonitorContext& context, Arguments) {
  if (context.target.run_control().running({context.thread.value - 1})) return fail("the CPU is running");
  std::string text;
  context.target.run_control().inspect([&] {
    context.target.registers_of(context.thread).for_each([&](std::string_view name, std::string_view value) {
      text += fmt::format("{:<16} {}\n", name, value);
    });
  });
  context.print(text);
  return {};
}

Result<> info_stops(MonitorContext& context, Arguments) {
  RunControl& control = context.target.run_control();
  std::string text;
  control.held([&] {
    for (const auto& [address, breakpoint] : control.points().armed().breakpoints) {
      text += fmt::format("{:<18} {:<10} {}{}{}", address, breakpoint.hardware ? "hbreak" : "break",
                          name_of(breakpoint.mechanism), breakpoint.why.empty() ? "" : ": ", breakpoint.why);
      if (const auto count = breakpoint.let_by->load()) text += fmt::format(", let by {} times", count);
      text += '\n';
    }
    constexpr std::string_view kinds[] = {"watch", "rwatch", "awatch"};
    for (const auto& watchpoint : control.points().armed().watchpoints) {
      text += fmt::format("{:<18} {:<10} {}{}{}\n", watchpoint.start, kinds[static_cast<int>(watchpoint.kind)],
                          name_of(watchpoint.mechanism), watchpoint.why.empty() ? "" : ": ", watchpoint.why);
    }
  });
  context.print(text.empty() ? "no breakpoints or watchpoints were set when the guest last ran\n" : text);
  return {};
}

Result<> exit_counts(MonitorContext& context, Arguments) {
  for (std::size_t kind = 0; kind < std::variant_size_v<Exit>; ++kind) {
    if (const auto count = context.target.run_control().exits_of(kind)) {
      context.print(fmt::format("{:<16} {}\n", name_of_exit(kind), count));
    }
  }
  for (const auto& [port, count] : context.target.machine().bus().unclaimed()) {
    context.print(fmt::format("port {:#06x} (no device) {}\n", port, count));
  }
  return {};
}

Result<> catch_exception(MonitorContext& context, Arguments arguments) {
  RunControl& control = context.target.run_control();
  std::set<std::uint8_t> vectors = control.held([&] { return control.points().caught(); });
  for (const std::string_view argument : arguments) {
    if (argument == "none") vectors.clear();
    for (std::uint8_t vector = 0; argument == "all" && vector < exception_count; ++vector) vectors.insert(vector);
    if (argument == "none" || argument == "all") continue;
    const auto vector = parse_exception(argument);
    if (!vector) return fail(fmt::format("'{}' is no exception: 0 to 31, a name such as #PF, all or none", argument));
    vectors.insert(*vector);
  }
  std::string text = vectors.empty() ? "no exceptions are caught" : "caught:";
  for (const std::uint8_t vector : vectors) text += fmt::format(" {} ({})", vector, name_of_exception(vector));
  const auto done = control.held([&] { return control.points().catch_exceptions(std::move(vectors)); });
  if (!done) return done;
  context.print(text + "\n");
  return {};
}

Result<> set_step_interrupts(MonitorContext& context, Arguments arguments) {
  RunControl& control = context.target.run_control();
  if (arguments.size() > 1 || (arguments.size() == 1 && arguments[0] != "on" && arguments[0] != "off")) {
    return fail("usage: set step-interrupts on|off");
  }
  if (!arguments.empty()) control.held([&] { control.stepper().allow_interrupts(arguments[0] == "on"); });
  context.print(fmt::format("interrupts are {} while stepping\n",
                            control.stepper().interrupts_allowed() ? "delivered" : "held off"));
  return {};
}

Result<> inject_nmi(MonitorContext& context, Arguments arguments) {
  Machine& machine = context.target.machine();
  std::uint32_t cpu = context.thread.value - 1;
  if (!arguments.empty()) {
    const std::string_view text = arguments[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cpu);
    const bool number = error == std::errc() && end == text.data() + text.size();
    if (!number || cpu >= machine.cpus() || arguments.size() > 1) {
      return fail(fmt::format("usage: nmi [CPU], and there are CPUs 0 to {}", machine.cpus() - 1));
    }
  }
  context.target.run_control().held([&] { machine.vcpu({cpu}).inject_nmi(); });
  return {};
}

Result<> system_reset(MonitorContext& context, Arguments) { return context.target.restart_in_place(); }

Result<> quit(MonitorContext& context, Arguments) {
  context.target.quit();
  return {};
}

constexpr MonitorCommand table[] = {
    {"help", "", "this list", help},
    {"info registers", "", "every register of the selected CPU", info_registers},
    {"info stops", "", "the breakpoints and watchpoints of the last run, and the mechanism that watched each",
     info_stops},
    {"catch exception", "VECTOR|#NAME|all|none", "stop where the guest's exceptions arrive", catch_exception},
    {"set step-interrupts", "[on|off]", "deliver interrupts between single steps, or hold them off (the default)",
     set_step_interrupts},
    {"exits", "", "how often the guest left to gdbvm, by reason", exit_counts},
    {"nmi", "[CPU]", "send a non-maskable interrupt to the selected CPU, or to that one", inject_nmi},
    {"system_reset", "", "back to the state before the first instruction; breakpoints stay", system_reset},
    {"quit", "", "end the guest and gdbvm", quit},
};

// How many words of the name the line begins with; 0 unless all of them.
std::size_t matches(std::string_view name, Arguments words) {
  const auto wanted = words_of(name);
  const bool all = words.size() >= wanted.size() && std::ranges::equal(wanted, words.first(wanted.size()));
  return all ? wanted.size() : 0;
}

}  // namespace

std::span<const MonitorCommand> monitor_commands() { return table; }

Result<> run_monitor_command(MonitorContext& context, std::string_view line) {
  const auto words = words_of(line);
  for (const MonitorCommand& command : monitor_commands()) {
    if (const std::size_t count = matches(command.name, words)) {
      return command.run(context, std::span(words).subspan(count));
    }
  }
  return fail(fmt::format("unknown monitor command '{}'; `monitor help` lists them all", line));
}

}  // namespace gdbvm
