// The trap flag in a step: ours must not be seen by the guest, and the guest's own must not be lost.
#pragma once

#include "vmm/debug/stepping/step_run.h"

namespace gdbvm {

// KVM steps with the guest's own TF. After a step: where the instruction, or the fault it raised, has saved the flags,
// TF is taken out, unless the guest had set it itself.
void hide_trap_flag(StepRun& run);
// After a step of KVM's, which covers up the guest's own TF: it is set if the guest has set it. true: it was set before
// the instruction, which has been completed, so that a #DB of the guest's own is due (SDM vol. 3, 19.3.1.4). Not where
// an exception, a software interrupt or SYSCALL has cleared TF.
bool restore_trap_flag(StepRun& run);
// After a step of KVM's that has executed nothing: the guest's own TF is as it was.
void keep_trap_flag(StepRun& run);
// Clears TF in the image of the flags at this address.
void clear_trap_flag(GuestView& view, Vcpu& vcpu, Gva flags_at);

}  // namespace gdbvm
