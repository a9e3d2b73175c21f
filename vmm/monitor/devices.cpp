// Monitor commands that show the interrupt controllers and the interval timer, and that pulse a line.
#include <fmt/format.h>

#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/interrupt_text.h"
#include "vmm/monitor/timer_text.h"

namespace gdbvm::monitor {

using gdbstub::fail, gdbstub::Result;

namespace {

Result<> local_apic(MonitorContext& context, Arguments) {
  const auto apic = held(context, [&] { return cpu_of(context).local_apic(); });
  context.print(lapic_text(apic, {context.thread.value - 1}));
  return {};
}

// The controllers could be read while CPUs run; holding the CPUs makes the picture consistent.
Result<> io_apic(MonitorContext& context, Arguments) {
  const auto chips = held(context, [&] { return context.debuggee.machine().interrupts().controllers(); });
  context.print(io_apic_text(chips.io_apic));
  return {};
}

Result<> pic(MonitorContext& context, Arguments) {
  const auto chips = held(context, [&] { return context.debuggee.machine().interrupts().controllers(); });
  context.print(io_apic_text(chips.io_apic) + pic_text(chips.slave, "pic1") + pic_text(chips.master, "pic0"));
  return {};
}

Result<> pit(MonitorContext& context, Arguments) {
  const auto timer = held(context, [&] { return context.debuggee.machine().chipset().interval_timer.registers(); });
  context.print(interval_timer_text(timer));
  return {};
}

Result<> irq(MonitorContext& context, Arguments arguments) {
  constexpr std::uint64_t lines = std::tuple_size_v<decltype(x86::IoApicRegisters::redirection)>;
  const auto line = arguments.size() == 1 ? parse_number(arguments[0]) : fail("no line");
  if (!line || *line >= lines) return fail(fmt::format("usage: irq LINE, and there are lines 0 to {}", lines - 1));
  held(context, [&] {
    Interrupts& interrupts = context.debuggee.machine().interrupts();
    context.print(line_text(interrupts.controllers(), static_cast<unsigned>(*line)));
    interrupts.pulse_line(static_cast<unsigned>(*line));
  });
  return {};
}

}  // namespace

std::span<const MonitorCommand> device_commands() {
  static constexpr MonitorCommand table[] = {
      {"lapic", "", "the local APIC", local_apic},
      {"ioapic", "", "the I/O APIC", io_apic},
      {"pic", "", "the I/O APIC and the two PICs", pic},
      {"pit", "", "the interval timer, and when it interrupts next", pit},
      {"irq", "LINE", "one interrupt on that line, 0 to 23, from each controller that does not mask it", irq},
  };
  return table;
}

}  // namespace gdbvm::monitor
