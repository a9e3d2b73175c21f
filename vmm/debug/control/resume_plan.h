// What a vCPU is to do between a resume and its next stop.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// An instruction at which a stepped vCPU waits while the interrupts that are due run through, handlers and all.
struct InterruptWindow {
  Gva pc;
  std::uint64_t rsp;  // other code that comes by has another one
};

struct ResumePlan {
  gdbstub::ThreadAction action{};
  bool step_off = false;            // the breakpoint at the pc has been passed: execute that instruction first
  bool open_pages = false;          // and with the guarded pages open: KVM gets no further at it
  std::optional<Gva> step_ends_at;  // a step that waits at a hlt, in the guest
  std::optional<InterruptWindow> window;
  bool step_off_after_window = false;
  // What has been told of where it stands, so that it is not told again before the vCPU has left.
  std::optional<Gva> caught_at;  // a handler's entry
  bool libraries_told = false;
  std::optional<Gva> traced_at;                                   // to the probe there
  std::vector<std::shared_ptr<gdbstub::TraceSteps>> trace_steps;  // what its steps are collected for
  bool again = false;                                             // what it does has been traced before

  // The debugger wants a step, or steps.
  bool stepping() const { return action.kind != gdbstub::ResumeKind::Continue; }
  // The CPU runs freely up to an address, though it is being stepped.
  bool runs_to_address() const { return step_ends_at || window; }
  // The guest is somewhere else now.
  void forget_place() {
    step_off = libraries_told = false;
    step_ends_at.reset();
    window.reset();
    traced_at.reset();
    trace_steps.clear();
  }
  // A range step goes on while the pc is inside.
  bool ends_at(Gva pc) const {
    if (window) return false;
    if (action.kind == gdbstub::ResumeKind::Step) return true;
    if (action.kind != gdbstub::ResumeKind::StepRange) return false;
    return pc.value < action.range_begin.value || pc.value >= action.range_end.value;
  }
};

}  // namespace gdbvm
