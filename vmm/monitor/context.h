// What monitor commands need of their context: a CPU that is held for a moment, and its address space.
#pragma once

#include "vmm/debug/control/debuggee.h"
#include "vmm/monitor/monitor.h"

namespace gdbvm::monitor {

inline Processor& cpu_of(MonitorContext& context) {
  return context.debuggee.machine().vcpu({context.thread.value - 1});
}

// The CPU's system registers with the user's page tables in them. Inside held().
inline x86::SystemRegisters address_space(MonitorContext& context) {
  x86::SystemRegisters system = cpu_of(context).system();
  if (context.selection.cr3) system.cr3 = *context.selection.cr3;
  return system;
}

// f() while no CPU is in the guest, whether they run or are stopped.
template <class F>
auto held(MonitorContext& context, F&& f) {
  return context.debuggee.run_control().held(std::forward<F>(f));
}

// After the machine has been put elsewhere: gdb reads registers and stack once per stop, and learns nothing of this
// one.
inline void say_how_gdb_goes_on(const Debuggee& debuggee, const Print& print) {
  if (debuggee.has_client() && !debuggee.running()) {
    print(
        "gdb goes on showing the old registers and stack until the guest runs, or until: maintenance flush dcache; "
        "maintenance flush register-cache\n");
  }
}
inline void say_how_gdb_goes_on(MonitorContext& context) { say_how_gdb_goes_on(context.debuggee, context.print); }

// f(registers) on the CPU's registers as they are now.
template <class F>
void with_registers(MonitorContext& context, F&& f) {
  held(context, [&] {
    GuestRegisters& registers = context.debuggee.registers_of(context.thread);
    registers.forget();
    f(registers);
    registers.forget();
  });
}

}  // namespace gdbvm::monitor
