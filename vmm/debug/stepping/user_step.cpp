#include "vmm/debug/stepping/user_step.h"

#include "vmm/debug/guest/idt.h"
#include "vmm/debug/stepping/trap_flag.h"
#include "vmm/debug/stops/user_traps.h"
#include "vmm/x86/exceptions.h"
#include "vmm/x86/msrs.h"

namespace gdbvm {

namespace {

// Where an instruction that leaves CPL 3 arrives, other than by a fault.
std::optional<Gva> way_out(const GuestView& view, Vcpu& vcpu, const Instruction& instruction) {
  if (instruction.kind == Instruction::Kind::Interrupt) return idt_handler(view, vcpu, instruction.vector);
  if (instruction.kind != Instruction::Kind::Syscall) return idt_handler(view, vcpu, x86::exception::invalid_opcode);
  const auto lstar = vcpu.msr(x86::msr::lstar);
  return lstar ? std::optional(Gva{*lstar}) : std::nullopt;
}

// An instruction that KVM emulated took the trap with it: it must not reach the guest as well.
void drop_pending_trap(Vcpu& vcpu) {
  auto events = vcpu.events();
  const bool pending = events.exception.injected || events.exception.pending;
  if (!pending || events.exception.nr != x86::exception::debug) return;
  events.exception = {};
  vcpu.set_events(events);
}

void set_trap_flag(Vcpu& vcpu, bool on) {
  auto registers = vcpu.general();
  registers.rflags = on ? registers.rflags | x86::rflags::tf : registers.rflags & ~x86::rflags::tf;
  vcpu.set_general(registers);
}

void request_arrivals(StepRun& run) {
  const GuestView& view = run.view();
  Vcpu& vcpu = run.vcpu();
  const auto trap = user_trap_handler(view, vcpu, x86::exception::debug);
  GuestDebug request = run.request();
  request.use_debug_registers = true;
  const std::optional<Gva> arrivals[] = {
      trap ? std::optional(trap->address) : std::nullopt, idt_handler(view, vcpu, x86::exception::general_protection),
      idt_handler(view, vcpu, x86::exception::page_fault), way_out(view, vcpu, run.before().instruction)};
  for (unsigned n = 0; n < 4; ++n) {
    if (arrivals[n]) request.stop_at(n, *arrivals[n]);
  }
  vcpu.set_guest_debug(request);
}

// The CPU stands at the guest's #DB handler, or at another that the instruction has led to.
StepResult leave_handler(StepRun& run) {
  Vcpu& vcpu = run.vcpu();
  const auto frame = idt_handler(run.view(), vcpu, x86::exception::debug) == Gva{vcpu.general().rip}
                         ? frame_of(run.view(), vcpu, x86::exception::debug)
                         : std::nullopt;
  if (!frame || (frame->cs & 3) != 3) return step::Done{};  // the instruction left CPL 3: its handler is next
  if (run.guest_has_trap_flag()) return step::Done{};       // it is the guest's own trap
  if (!run.before().trap_flag_after) clear_trap_flag(run.view(), vcpu, frame->flags_at);
  if (!return_from(*frame, run.view(), vcpu)) {
    return step::Failed{{gdbstub::Signal::Trap, "the step at CPL 3 ended in the guest's #DB handler"}};
  }
  return step::Done{};
}

StepResult end(StepRun& run, const Exit& exit) {
  Vcpu& vcpu = run.vcpu();
  const auto clear_flag = [&] {
    set_trap_flag(vcpu, run.guest_has_trap_flag() && vcpu.general().rflags & x86::rflags::tf);
  };
  const Outcome outcome = run.serve(exit);
  if (std::holds_alternative<outcome::Interrupted>(outcome)) {
    clear_flag();
    return step::Interrupted{};
  }
  if (std::holds_alternative<outcome::Done>(outcome)) {
    const StepResult result = run.finish_access(exit);
    drop_pending_trap(vcpu);
    clear_flag();
    return result;
  }
  if (!std::holds_alternative<outcome::Unhandled>(outcome)) return step::Ended{outcome};
  // Without a handler for it, the trap after the instruction is a triple fault that has not happened.
  const bool moved = vcpu.general().rip != run.before().general.rip && x86::privilege_level(vcpu.system()) == 3;
  if (std::holds_alternative<exits::Shutdown>(exit) && moved) {
    clear_flag();
    return step::Done{};
  }
  const StopCause found = run.judge(exit);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) {
    clear_flag();
    return step::Failed{*failure, exit};
  }
  return leave_handler(run);
}

}  // namespace

StepResult UserStep::step(StepRun& run) const {
  request_arrivals(run);
  set_trap_flag(run.vcpu(), true);
  return end(run, run.vcpu().run());
}

}  // namespace gdbvm
