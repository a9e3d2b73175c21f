// The guest's own #BP and #DB, which left the guest because we asked for them, handed back to it.
#pragma once

#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Hands the guest its own int3 as #BP. The pc stands on it before; `exit` is how KVM reported it.
void inject_breakpoint(Vcpu& vcpu, const Exit& exit);
// Hands the guest its own #DB.
void inject_debug_trap(Vcpu& vcpu, std::uint64_t dr6);

}  // namespace gdbvm
