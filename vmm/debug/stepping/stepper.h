// One instruction, exactly: whatever the instruction is, and whatever this host's KVM makes of a single step.
#pragma once

#include "vmm/debug/stepping/step_method.h"
#include "vmm/debug/stepping/step_run.h"

namespace gdbvm {

// Works on one vCPU while no other is in a turn.
class Stepper final {
 public:
  Stepper(const StepContext& context, const HostStops& host) : context_(context), host_(host) {}
  // The probe's findings, for all later steps.
  void use(const HostStops& host) { host_ = HostStepping(host); }

  // Delivered: the vCPU is not being stepped by the debugger, but runs on by steps; interrupts come as they would.
  enum class Interrupts { AsAllowed, Delivered };
  // Open: KVM has been seen to get no further at this instruction while pages are guarded.
  enum class Pages { Guarded, Open };
  // Executes the instruction at the pc, also when a breakpoint of ours stands on it. Guarded pages are open for one
  // that KVM cannot be trusted with otherwise (see needs_open_pages), and what it touched is compared.
  StepResult step(Vcpu& vcpu, Interrupts interrupts = Interrupts::AsAllowed, Pages pages = Pages::Guarded);

  // Interrupts may come between the instruction and the next (the handler's first instruction is then the next).
  void allow_interrupts(bool on) { interrupts_ = on; }
  bool interrupts_allowed() const { return interrupts_; }
  const HostStepping& host() const { return host_; }

 private:
  StepResult execute(StepRun& run, Pages pages);
  StepResult execute_opened(const StepMethod& method, StepRun& run);
  StepResult deliver_trap(StepRun& run, const StopTable::Watchpoint* hit);
  StepResult halt(StepRun& run);
  bool blocks(Interrupts interrupts) const { return !interrupts_ && interrupts != Interrupts::Delivered; }

  StepContext context_;
  HostStepping host_;
  bool interrupts_ = false;
};

}  // namespace gdbvm
