// A single step at CPL 3 on hosts whose KVM does not step there: with the guest's own TF, caught at its #DB handler.
#include "vmm/debug/stepping/stepper.h"
#include "vmm/debug/stops/user_traps.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

constexpr std::uint32_t msr_lstar = 0xc0000082;

// Where an instruction that leaves CPL 3 arrives, other than by a fault.
std::optional<Gva> way_out(const GuestView& view, Vcpu& vcpu, const Instruction& instruction) {
  if (instruction.kind == Instruction::Kind::Interrupt) return idt_handler(view, vcpu, instruction.vector);
  if (instruction.kind != Instruction::Kind::Syscall) return idt_handler(view, vcpu, x86::exception::invalid_opcode);
  const auto lstar = vcpu.msr(msr_lstar);
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

}  // namespace

StepResult Stepper::step_user(Vcpu& vcpu, const Before& before) {
  const auto trap = user_trap_handler(view_, vcpu, x86::exception::debug);
  GuestDebug request{.trap_int3 = true, .block_interrupts = block_interrupts_, .use_debug_registers = true};
  const std::optional<Gva> arrivals[] = {
      trap ? std::optional(trap->address) : std::nullopt, idt_handler(view_, vcpu, x86::exception::general_protection),
      idt_handler(view_, vcpu, x86::exception::page_fault), way_out(view_, vcpu, before.instruction)};
  for (unsigned n = 0; n < 4; ++n) {
    if (arrivals[n]) request.stop_at(n, *arrivals[n]);
  }
  vcpu.set_guest_debug(request);
  auto registers = before.general;
  registers.rflags |= x86::rflags::tf;
  vcpu.set_general(registers);
  const Exit exit = vcpu.run();
  return end_user_step(vcpu, before, exit);
}

StepResult Stepper::end_user_step(Vcpu& vcpu, const Before& before, const Exit& exit) {
  const bool guests_own = before.general.rflags & x86::rflags::tf;
  const auto clear_flag = [&] {
    auto registers = vcpu.general();
    if (!guests_own) registers.rflags &= ~x86::rflags::tf;
    vcpu.set_general(registers);
  };
  const Outcome outcome = serve(exit);
  if (std::holds_alternative<outcome::Interrupted>(outcome)) {
    clear_flag();
    return step::Interrupted{};
  }
  if (std::holds_alternative<outcome::Done>(outcome)) {
    const StepResult result = finish_access(vcpu, exit);
    drop_pending_trap(vcpu);
    clear_flag();
    return result;
  }
  if (!std::holds_alternative<outcome::Unhandled>(outcome)) return step::Ended{outcome};
  // Without a handler for it, the trap behind the instruction is a triple fault that has not happened.
  const bool moved = vcpu.general().rip != before.general.rip && x86::privilege_level(vcpu.system()) == 3;
  if (std::holds_alternative<exits::Shutdown>(exit) && moved) {
    clear_flag();
    return step::Done{};
  }
  const StopCause found = judge(exit, vcpu, points_, view_, planted_, true);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) {
    clear_flag();
    return step::Failed{*failure};
  }
  const auto frame = idt_handler(view_, vcpu, x86::exception::debug) == Gva{vcpu.general().rip}
                         ? frame_of(view_, vcpu, x86::exception::debug)
                         : std::nullopt;
  if (!frame || (frame->cs & 3) != 3) return step::Done{};  // the instruction left CPL 3: its handler is next
  if (!guests_own) clear_flag_image(vcpu, frame->flags_at);
  if (!return_from(*frame, view_, vcpu)) {
    return step::Failed{{gdbstub::Signal::Trap, "the step at CPL 3 ended in the guest's #DB handler"}};
  }
  return step::Done{};
}

}  // namespace gdbvm
