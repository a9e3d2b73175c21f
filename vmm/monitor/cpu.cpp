// Monitor commands about one CPU: its registers, MSRs and CPUID.
#include <charconv>

#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/cpuid_text.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/msr_text.h"
#include "vmm/monitor/register_text.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

Result<> info_registers(MonitorContext& context, Arguments arguments) {
  const bool all = arguments.size() == 1 && arguments[0] == "-a";
  if (!arguments.empty() && !all) return fail("usage: info registers [-a]");
  Machine& machine = context.debuggee.machine();
  std::string text;
  held(context, [&] {
    if (!all) text = register_text(cpu_of(context));
    for (std::uint32_t cpu = 0; all && cpu < machine.cpus(); ++cpu) text += register_text(machine.vcpu({cpu}));
  });
  context.print(text);
  return {};
}

Result<> table_registers(MonitorContext& context, Arguments) {
  std::string text;
  with_registers(context, [&](GuestRegisters& registers) {
    registers.for_each(
        [&](std::string_view name, std::string_view value) { text += fmt::format("{:<16} {}\n", name, value); });
  });
  context.print(text);
  return {};
}

Result<> info_cpus(MonitorContext& context, Arguments) {
  std::string text;
  for (const gdbstub::ThreadId thread : context.debuggee.threads()) {
    text += fmt::format("{} CPU #{}: {}\n", thread == context.thread ? '*' : ' ', thread.value - 1,
                        context.debuggee.describe(thread));
  }
  context.print(text);
  return {};
}

Result<> select_cpu(MonitorContext& context, Arguments arguments) {
  if (arguments.size() > 1) return fail("usage: cpu [N]");
  context.selection.cpu.reset();
  if (arguments.empty()) return {};
  const auto number = parse_number(arguments[0]);
  if (!number) return std::unexpected(number.error());
  const std::size_t cpus = context.debuggee.machine().cpus();
  if (*number >= cpus) return fail(fmt::format("there is no CPU {}: the last one is {}", *number, cpus - 1));
  context.selection.cpu = gdbstub::ThreadId{static_cast<std::uint32_t>(*number) + 1};
  return {};
}

Result<> msr(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: msr NUMBER|NAME");
  auto index = msr_by_name(arguments[0]);
  if (!index) {
    const auto number = parse_number(arguments[0]);
    if (!number || *number > 0xffffffff) return fail(fmt::format("'{}' is not an MSR", arguments[0]));
    index = static_cast<std::uint32_t>(*number);
  }
  const auto value = held(context, [&] { return cpu_of(context).msr(*index); });
  if (!value) return fail(fmt::format("this CPU has no MSR {:#x}, or KVM does not show it", *index));
  context.print(msr_text(*index, *value));
  return {};
}

Result<> cpuid(MonitorContext& context, Arguments arguments) {
  const auto entries = held(context, [&] { return cpu_of(context).cpuid(); });
  if (arguments.empty()) {
    context.print(cpuid_text(entries));
    return {};
  }
  const auto leaf = parse_number(arguments[0]);
  const auto index = arguments.size() > 1 ? parse_number(arguments[1]) : Result<std::uint64_t>(0);
  if (!leaf || !index || arguments.size() > 2) return fail("usage: cpuid [LEAF [INDEX]]");
  const auto* entry = x86::find(entries, static_cast<std::uint32_t>(*leaf), static_cast<std::uint32_t>(*index));
  if (!entry) return fail(fmt::format("the guest has no CPUID leaf {:#x}, index {:#x}", *leaf, *index));
  context.print(cpuid_text(std::span(entry, 1)));
  return {};
}

Result<> kaslr(MonitorContext& context, Arguments) {
  const auto linked = context.debuggee.linux_guest().linked();
  if (!linked)
    return fail("the guest is not a 64-bit bzImage, or has `nokaslr`: it runs at the addresses of its symbols");
  if (const auto slide = context.debuggee.linux_guest().slide()) {
    context.print(
        fmt::format("the kernel runs at {}, {:#x} above its link address; gdb with its own symbols needs\n"
                    "symbol-file -o {:#x} FILE\n",
                    *linked + *slide, *slide, *slide));
  } else {
    context.print(fmt::format("the kernel is linked for {} and not mapped yet, or this CPU runs user code\n", *linked));
  }
  return {};
}

// As the debugger gets them, looked up anew.
Result<> modules(MonitorContext& context, Arguments) {
  if (!context.debuggee.linux_guest().modules()) return fail("gdbvm was started without --modules");
  std::string text;
  for (const auto& library : context.debuggee.linux_guest().list_modules()) text += library.file.name + '\n';
  if (const std::string& trouble = context.debuggee.linux_guest().modules()->trouble(); !trouble.empty())
    text += trouble + '\n';
  context.print(text.empty() ? "none of the modules that the guest has loaded has a file\n" : text);
  return {};
}

}  // namespace

std::span<const MonitorCommand> cpu_commands() {
  static constexpr MonitorCommand table[] = {
      {"info registers", "[-a]", "the registers of this CPU, or of all, in QEMU's form", info_registers},
      {"registers", "", "every register, MSRs included, by the name that gdb knows", table_registers},
      {"info cpus", "", "all CPUs and their states; * marks the selected one", info_cpus},
      {"cpu", "[N]", "select CPU N for further commands; without N, the debugger's thread", select_cpu},
      {"msr", "NUMBER|NAME", "a model-specific register, decoded", msr},
      {"kaslr", "", "the slide of a Linux kernel: how far it runs from its link address", kaslr},
      {"modules", "", "the loaded modules of a Linux kernel that have a file", modules},
      {"cpuid", "[LEAF [INDEX]]", "what the guest finds by CPUID, decoded", cpuid},
  };
  return table;
}

}  // namespace gdbvm::monitor
