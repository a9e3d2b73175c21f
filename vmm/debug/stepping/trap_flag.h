// The trap flag of a step of ours, which the guest must not see.
#pragma once

#include "vmm/debug/stepping/step_run.h"

namespace gdbvm {

// KVM steps with the guest's own TF. After a step: where the instruction, or the fault it raised, has saved the flags,
// TF is taken out, unless the guest had set it itself.
void hide_trap_flag(StepRun& run);
// Clears TF in the image of the flags at this address.
void clear_trap_flag(GuestView& view, Vcpu& vcpu, Gva flags_at);

}  // namespace gdbvm
