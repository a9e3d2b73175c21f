// One instruction done for a vCPU that stands on it, where that is simple: no step, and nobody else has to wait.
#pragma once

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Moves between general registers, memory and constants, and pushes of registers, in 64-bit kernel code: what compilers
// put where breakpoints are set. true: the vCPU stands behind the instruction, memory and registers are as it leaves
// them. false: nothing has changed; the instruction is another, or the CPU would fault or note something elsewhere
// (accessed bits, devices, a write to a guarded page, a trap flag). Watched data are not looked at.
bool perform(Vcpu& vcpu, GuestView& view, const SlotWatchpoints& guards);

}  // namespace gdbvm
