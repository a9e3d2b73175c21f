#include "vmm/debug/stepping/own_exceptions.h"

#include "vmm/x86/debug_registers.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

// A #BP that KVM intercepted goes back as it came, and the CPU skips the int3 by its length. One that was a failed
// emulation has no length: the pc moves first.
void inject_breakpoint(Vcpu& vcpu, const Exit& exit) {
  if (std::holds_alternative<exits::InternalError>(exit)) {
    auto registers = vcpu.general();
    ++registers.rip;
    vcpu.set_general(registers);
  }
  vcpu.inject_exception(x86::exception::breakpoint, false, 0);
}

void inject_debug_trap(Vcpu& vcpu, std::uint64_t dr6) {
  auto registers = vcpu.debug_registers();
  registers.dr6 |= x86::dr6::power_on | dr6;
  (void)vcpu.set_debug_registers(registers);
  vcpu.inject_exception(x86::exception::debug, false, 0);
}

}  // namespace gdbvm
