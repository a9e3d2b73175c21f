// Whether a CPU stands where a step could have led.
#pragma once

#include "vmm/hypervisor/vcpu.h"

namespace gdbvm::history {

// A kick may come while an exception or interrupt is on its way in: of what that changes some is done, CR2 for one, and
// no step ever stops there.
inline bool between_instructions(Vcpu& vcpu) {
  const x86::VcpuEvents events = vcpu.events();
  return !events.exception.injected && !events.exception.pending && !events.interrupt.injected && !events.nmi.injected;
}

}  // namespace gdbvm::history
