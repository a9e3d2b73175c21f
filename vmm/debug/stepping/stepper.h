// One instruction, exactly: whatever the instruction is, and whatever this host's KVM makes of a single step.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "vmm/debug/stepping/instruction.h"
#include "vmm/debug/stops/stop_cause.h"
#include "vmm/machine/exit_counts.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

namespace step {
struct Done {  // the next instruction is the one after it, or the first one of its handler
  const StopPoints::Watchpoint* hit = nullptr;
};
struct Interrupted {};  // kicked before anything was executed
// hlt is done and the CPU waits for an interrupt: run it until it comes to `next`. nullopt: no debug register of this
// host can stop it there; a step from where it waits executes that instruction as well.
struct Blocked {
  std::optional<Gva> next;
};
struct Ended {  // the guest asked for exit or reset
  Outcome outcome;
};
struct Failed {
  cause::Failure failure;
};
}  // namespace step
using StepResult = std::variant<step::Done, step::Interrupted, step::Blocked, step::Ended, step::Failed>;

// Works on one vCPU while no other is in a turn.
class Stepper final {
 public:
  Stepper(Machine& machine, StopPoints& points, GuestView& view, SoftwareBreakpoints& planted, const HostStops& host,
          ExitCounts& exits)
      : machine_(machine), points_(points), view_(view), planted_(planted), host_(host), exits_(exits) {}

  // Delivered: the vCPU is not being stepped by the debugger, but runs on by steps; interrupts come as they would.
  enum class Interrupts { AsAllowed, Delivered };
  // Executes the instruction at the pc, also when a breakpoint of ours stands on it.
  StepResult step(Vcpu& vcpu, Interrupts interrupts = Interrupts::AsAllowed);

  // Interrupts may come between the instruction and the next (the handler's first instruction is then the next).
  void allow_interrupts(bool on) { interrupts_ = on; }
  bool interrupts_allowed() const { return interrupts_; }
  // A step's trap may come once more, when the guest next runs.
  bool leaves_trap() const { return !host_.step_traps_once; }
  // What failed with a triple fault can be tried once more.
  bool shutdown_keeps_state() const { return host_.shutdown_keeps_state; }
  // A step for a CPU that waits for an interrupt or a start: in a turn of its own, beside those of others.
  GuestDebug waiting_request(Interrupts interrupts) const;

 private:
  struct Before {  // what the repair after the step compares with
    Instruction instruction;
    x86::GeneralRegisters general;
    x86::SystemRegisters system;
  };
  Before look(Vcpu& vcpu) const;
  Outcome serve(const Exit& exit);
  StepResult step_opened(Vcpu& vcpu, const Before& before);
  StepResult halt(Vcpu& vcpu, const Before& before);
  StepResult execute(Vcpu& vcpu, const Before& before);
  StepResult finish_access(Vcpu& vcpu, const Exit& first);
  StepResult deliver_breakpoint(Vcpu& vcpu, const Exit& exit);
  void request_step(Vcpu& vcpu, const Before& before);
  std::optional<Gva> handler_of(Vcpu& vcpu, std::uint8_t vector) const;
  // user_step.cpp: where KVM does not step at CPL 3
  StepResult step_user(Vcpu& vcpu, const Before& before);
  StepResult end_user_step(Vcpu& vcpu, const Before& before, const Exit& exit);
  void hide_trap_flag(Vcpu& vcpu, const Before& before);
  void clear_flag_image(Vcpu& vcpu, Gva address);

  Machine& machine_;
  StopPoints& points_;
  GuestView& view_;
  SoftwareBreakpoints& planted_;
  const HostStops& host_;
  ExitCounts& exits_;
  bool interrupts_ = false;
  bool block_interrupts_ = true;                       // in the present step
  const StopPoints::Watchpoint* guard_hit_ = nullptr;  // by an access of the present step
};

// Hands the guest its own int3 as #BP. The pc stands on it before; `exit` is how KVM told of it.
void inject_breakpoint(Vcpu& vcpu, const Exit& exit);
// Hands the guest its own #DB.
void inject_debug_trap(Vcpu& vcpu, std::uint64_t dr6);

}  // namespace gdbvm
