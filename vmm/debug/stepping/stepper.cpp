#include "vmm/debug/stepping/stepper.h"

#include "vmm/debug/stepping/guarded_access.h"
#include "vmm/debug/stepping/own_exceptions.h"
#include "vmm/debug/stepping/stepped_watch.h"
#include "vmm/debug/stepping/trap_flag.h"
#include "vmm/x86/debug_registers.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

// Takes our byte out from under an instruction, and puts it back, unless the guest was only to pass it once.
class LiftedByte final {
 public:
  LiftedByte(SoftwareBreakpoints& planted, const gdbstub::Result<Gpa>& address) : planted_(planted) {
    if (!address) return;
    (void)planted_.pass(*address);
    if (planted.planted(*address)) lifted_ = *address;
    if (lifted_) planted_.lift(*lifted_);
  }
  ~LiftedByte() {
    if (lifted_) planted_.plant(*lifted_);
  }
  LiftedByte(const LiftedByte&) = delete;
  LiftedByte& operator=(const LiftedByte&) = delete;

 private:
  SoftwareBreakpoints& planted_;
  std::optional<Gpa> lifted_;
};

StepResult step_until_done(const StepMethod& method, StepRun& run) {
  StepResult result = method.step(run);
  for (unsigned i = 0; i < method.repeats() && run.nothing_done(result); ++i) result = method.step(run);
  return result;
}

HostStops::Mode mode_of(const StepRun& run) { return stop_mode(run.before().system, run.before().general.rflags); }

}  // namespace

StepResult Stepper::step(Vcpu& vcpu, Interrupts interrupts, Pages pages) {
  StepRun run(context_, vcpu);
  if (!blocks(interrupts)) {
    if (const auto vector = context_.machine.vcpu(vcpu.index()).hand_over()) return run.interrupt(*vector);
  }
  const auto& before = run.before();
  if (before.instruction.kind == Instruction::Kind::Halt && x86::privilege_level(before.system) == 0) return halt(run);
  const LiftedByte lifted(context_.planted, context_.view.translate(vcpu, pc_of(vcpu)));
  const SteppedWatch watch(context_.armed, context_.view, vcpu, SteppedWatch::Which::Unguarded);
  StepResult result = execute(run, pages);
  const bool covered = host_.method(mode_of(run)).covers_trap_flag();
  if (covered && std::holds_alternative<step::Interrupted>(result)) keep_trap_flag(run);
  if (auto* done = std::get_if<step::Done>(&result)) {
    hide_trap_flag(run);
    if (!done->hit) done->hit = run.guard_hit() ? run.guard_hit() : watch.hit();
    if (covered && restore_trap_flag(run)) return deliver_trap(run, done->hit);
  }
  return result;
}

// KVM has taken the guest's own trap for the end of our step.
StepResult Stepper::deliver_trap(StepRun& run, const StopTable::Watchpoint* hit) {
  inject_debug_trap(run.vcpu(), x86::dr6::single_step);
  StepResult result = run.deliver(x86::exception::debug);
  if (auto* done = std::get_if<step::Done>(&result); done && hit) done->hit = hit;
  return result;
}

StepResult Stepper::execute(StepRun& run, Pages pages) {
  const StepMethod& method = host_.method(mode_of(run));
  const bool open = pages == Pages::Open || needs_open_pages(run.vcpu(), context_.view, context_.armed.guards());
  if (open && context_.armed.guards().any()) return execute_opened(method, run);
  StepResult result = step_until_done(method, run);
  // KVM failed on a guarded page; or it has fetched what it wanted and begins anew, for ever.
  const bool stuck = std::holds_alternative<step::Failed>(result) || run.nothing_done(result);
  if (stuck && context_.armed.guards().any()) result = execute_opened(method, run);
  // Every interrupt moves the CPU: this one never will (kvm_pvm, int 0x80 and above in real mode).
  if (run.nothing_done(result) && run.before().instruction.kind == Instruction::Kind::Interrupt) {
    return step::Failed{{gdbstub::Signal::Ill, describe_stuck(run.vcpu(), context_.view)}};
  }
  return result;
}

// An instruction that KVM cannot emulate on a guarded page runs natively, with the pages opened for it.
StepResult Stepper::execute_opened(const StepMethod& method, StepRun& run) {
  const SteppedWatch watch(context_.armed, context_.view, run.vcpu(), SteppedWatch::Which::GuardedToo);
  StepResult result =
      context_.armed.guards().opened(context_.machine.vm(), [&] { return step_until_done(method, run); });
  if (auto* done = std::get_if<step::Done>(&result)) done->hit = watch.hit();
  return result;
}

// KVM's back-ends disagree about stepping onto hlt; all agree about a halted CPU. The shadow of a sti before it ends
// with the hlt: with it no interrupt would wake the CPU.
StepResult Stepper::halt(StepRun& run) {
  Vcpu& vcpu = run.vcpu();
  auto registers = run.before().general;
  registers.rip += run.before().instruction.length;
  vcpu.set_general(registers);
  if (auto events = vcpu.events(); events.interrupt.shadow != 0) {
    events.interrupt.shadow = 0;
    vcpu.set_events(events);
  }
  context_.machine.vcpu(vcpu.index()).halt();
  return step::Blocked{host_.stops_at_address(mode_of(run)) ? std::optional(pc_of(vcpu)) : std::nullopt};
}

}  // namespace gdbvm
