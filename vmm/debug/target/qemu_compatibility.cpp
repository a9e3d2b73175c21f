// Timers stand still while the guest is stepped, just as interrupts are held off: the two flags go together.
#include "vmm/debug/target/qemu_compatibility.h"

namespace gdbvm {

using namespace gdbstub;

namespace {
constexpr unsigned step_enabled = 1, step_without_interrupts = 2, step_without_timers = 4;
}

unsigned MachineQemuCompatibility::step_flags() {
  const bool interrupts = debuggee_.run_control().stepper().interrupts_allowed();
  return interrupts ? step_enabled : step_enabled | step_without_interrupts | step_without_timers;
}

Result<> MachineQemuCompatibility::set_step_flags(unsigned flags) {
  RunControl& control = debuggee_.run_control();
  control.held([&] { control.stepper().allow_interrupts(!(flags & step_without_interrupts)); });
  return {};
}

}  // namespace gdbvm
