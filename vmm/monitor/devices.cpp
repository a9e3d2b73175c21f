// Monitor commands that show the interrupt controllers.
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/interrupt_text.h"

namespace gdbvm::monitor {

using gdbstub::Result;

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

}  // namespace

std::span<const MonitorCommand> device_commands() {
  static constexpr MonitorCommand table[] = {
      {"lapic", "", "the local APIC", local_apic},
      {"ioapic", "", "the I/O APIC", io_apic},
      {"pic", "", "the I/O APIC and the two PICs", pic},
  };
  return table;
}

}  // namespace gdbvm::monitor
