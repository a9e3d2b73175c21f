// What a vCPU is to do between a resume and its next stop.
#pragma once

#include <optional>

#include "gdbstub/target.h"
#include "vmm/memory/address.h"

namespace gdbvm {

struct ResumePlan {
  gdbstub::ThreadAction action{};
  bool step_off = false;            // the breakpoint at the pc has been passed: execute that instruction first
  std::optional<Gva> step_ends_at;  // a step that waits at a hlt, in the guest
  // What has been told of where it stands, so that it is not told again before the vCPU has left.
  std::optional<Gva> caught_at;  // a handler's entry
  bool libraries_told = false;

  // The debugger wants a step, or steps.
  bool stepping() const { return action.kind != gdbstub::ResumeKind::Continue; }
  // A range step goes on while the pc is inside.
  bool ends_at(Gva pc) const {
    if (action.kind == gdbstub::ResumeKind::Step) return true;
    if (action.kind != gdbstub::ResumeKind::StepRange) return false;
    return pc.value < action.range_begin.value || pc.value >= action.range_end.value;
  }
};

}  // namespace gdbvm
