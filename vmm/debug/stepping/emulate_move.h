// Carries out the simplest instructions on behalf of a stopped vCPU: no step is needed and no other vCPU has to wait.
#pragma once

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Moves between general registers, memory and constants, and pushes of registers, in 64-bit kernel code: what compilers
// emit where breakpoints are set. true: the vCPU stands after the instruction, and memory and registers are as it
// leaves them. false: nothing has changed; it is another instruction, or the CPU would fault or record something
// elsewhere (accessed bits, devices, a write to a guarded page, a trap flag). Watchpoints are not checked.
bool emulate_move(Vcpu& vcpu, GuestView& view, const SlotWatchpoints& guards);

}  // namespace gdbvm
