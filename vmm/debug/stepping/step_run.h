// One step of one vCPU while it is under way: the run in the guest, and the exits on the way to its end.
#pragma once

#include "vmm/debug/stepping/instruction.h"
#include "vmm/debug/stepping/step_result.h"
#include "vmm/debug/stepping/stepped_watch.h"
#include "vmm/machine/exit_counts.h"

namespace gdbvm {

// What every step works on.
struct StepContext {
  Machine& machine;
  ArmedStops& armed;
  GuestView& view;
  SoftwareBreakpoints& planted;
  ExitCounts& exits;
};

class StepRun final {
 public:
  // The CPU before the step, with the instruction it stands on.
  struct Before {
    Instruction instruction;
    x86::GeneralRegisters general;
    x86::SystemRegisters system;
    bool trap_flag_after;  // the guest's own TF after the instruction, unless an exception or interrupt clears it
  };

  StepRun(const StepContext& context, Vcpu& vcpu);

  Vcpu& vcpu() { return vcpu_; }
  const Before& before() const { return before_; }
  GuestView& view() { return context_.view; }
  bool guest_has_trap_flag() const { return before_.general.rflags & x86::rflags::tf; }
  // What KVM is asked for in every step; without KVM's single step.
  GuestDebug request() const;

  // Runs the CPU by the request in force, which makes it leave the guest after one instruction.
  StepResult execute();
  // Answers an exit as the machine would, after the guarded pages have had their say.
  Outcome serve(const Exit& exit);
  // After an I/O or MMIO exit that has been answered: KVM finishes the instruction.
  StepResult finish_access(const Exit& first);
  // The guest's own exception, which has been injected, reaches its handler, or that of the exception it turns into.
  StepResult deliver(std::uint8_t vector);
  // So does an interrupt or NMI that has been handed over, unless a kick keeps it off.
  StepResult interrupt(std::uint8_t vector);
  StopCause judge(const Exit& exit);

  // Nothing has been executed, though the step has ended: another trap has answered for it.
  bool nothing_done(const StepResult& result);
  // The first watchpoint that an access to a guarded page has hit; nullptr: none.
  const StopTable::Watchpoint* guard_hit() const { return guard_hit_; }

 private:
  Exit run_to_handler(std::uint8_t vector);
  StepResult arrived(const Exit& exit, const SteppedWatch& watch);

  const StepContext& context_;
  Vcpu& vcpu_;
  const Before before_;
  const StopTable::Watchpoint* guard_hit_ = nullptr;
};

}  // namespace gdbvm
