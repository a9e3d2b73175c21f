// One instruction, exactly: whatever the instruction is, and whatever this host's KVM makes of a single step.
#include "vmm/debug/stepping/stepper.h"

#include <array>

#include "vmm/debug/guest/idt.h"
#include "vmm/debug/stepping/stepped_watch.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

// Takes our byte out from under an instruction, and puts it back.
class LiftedByte final {
 public:
  LiftedByte(SoftwareBreakpoints& planted, std::optional<Gpa> address) : planted_(planted) {
    if (address && planted.planted(*address)) lifted_ = address;
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

}  // namespace

// A #BP that KVM intercepted goes back as it came, and the CPU skips the int3 by its length. One that was a failed
// emulation has no length: the pc moves first.
void inject_breakpoint(Vcpu& vcpu, const Exit& exit) {
  if (std::holds_alternative<exits::InternalError>(exit)) {
    auto registers = vcpu.general();
    ++registers.rip;
    vcpu.set_general(registers);
  }
  vcpu.inject_exception(x86::exception::breakpoint, false, 0);
}

void inject_debug_trap(Vcpu& vcpu, std::uint64_t dr6) {
  auto registers = vcpu.debug_registers();
  registers.dr6 |= dr6;
  (void)vcpu.set_debug_registers(registers);
  vcpu.inject_exception(x86::exception::debug, false, 0);
}

Stepper::Before Stepper::look(Vcpu& vcpu) const {
  std::array<std::uint8_t, 15> bytes{};
  const auto count = view_.read(vcpu, pc_of(vcpu), bytes);
  const auto& system = vcpu.system();
  const auto& general = vcpu.general();
  const auto mode = x86::mode_of(system, general.rflags);
  return {count ? decode({bytes.data(), *count}, mode) : Instruction{}, general, system};
}

// Where a fault could be lost (the step's TF is cleared on the way into the handler), the handlers of what this
// instruction can raise are watched by debug registers; so is where an iret leads, which can lose TF as well.
void Stepper::request_step(Vcpu& vcpu, const Before& before) {
  GuestDebug request;
  request.single_step = true;
  request.trap_int3 = true;
  request.block_interrupts = block_interrupts_;
  if (!host_.step_enters_handler) {
    const bool soft = before.instruction.kind == Instruction::Kind::Interrupt;
    const bool returns = before.instruction.kind == Instruction::Kind::InterruptReturn;
    using namespace x86::exception;
    const std::array<std::uint8_t, 4> vectors{page_fault, general_protection, invalid_opcode,
                                              soft ? before.instruction.vector : divide_error};
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      const auto arrival = returns && i == 3 ? interrupted_code(view_, vcpu) : handler_of(vcpu, vectors[i]);
      if (!arrival || *arrival == pc_of(vcpu)) continue;
      request.stop_at(static_cast<unsigned>(i), *arrival);
    }
  }
  vcpu.set_guest_debug(request);
}

std::optional<Gva> Stepper::handler_of(Vcpu& vcpu, std::uint8_t vector) const {
  return idt_handler(view_, vcpu, vector);
}

GuestDebug Stepper::waiting_request(Interrupts interrupts) const {
  GuestDebug request;
  request.single_step = true;
  request.trap_int3 = true;
  request.block_interrupts = !interrupts_ && interrupts != Interrupts::Delivered;
  return request;
}

StepResult Stepper::step(Vcpu& vcpu, Interrupts interrupts) {
  block_interrupts_ = !interrupts_ && interrupts != Interrupts::Delivered;
  const Before before = look(vcpu);
  const Gva pc = pc_of(vcpu);
  if (before.instruction.kind == Instruction::Kind::Halt && x86::privilege_level(before.system) == 0) {
    return halt(vcpu, before);
  }
  const auto gpa = view_.translate(vcpu, pc);
  const LiftedByte lifted(planted_, gpa ? std::optional(*gpa) : std::nullopt);
  const SteppedWatch watch(points_, view_, vcpu, SteppedWatch::Which::Unguarded);
  guard_hit_ = nullptr;
  const auto mode = stop_mode(before.system, before.general.rflags);
  const bool by_hand = mode == HostStops::User && !host_.single_step[mode];
  if (!by_hand) request_step(vcpu, before);
  StepResult result = by_hand ? step_user(vcpu, before) : execute(vcpu, before);
  // A trap that was due before it answers for the step: then no register has changed, not even RIP. Each page that KVM
  // has to bring first can leave one.
  const auto nothing_done = [&] {
    return std::holds_alternative<step::Done>(result) && vcpu.general() == before.general;
  };
  constexpr int pages_of_an_instruction = 8;
  for (int i = 0; i < pages_of_an_instruction && !host_.step_traps_once && !by_hand && nothing_done(); ++i) {
    result = execute(vcpu, before);
  }
  // KVM failed on a guarded page; or it has fetched what it wanted and begins anew, for ever.
  if ((std::holds_alternative<step::Failed>(result) || nothing_done()) && points_.guards().any()) {
    result = step_opened(vcpu, before);
  }
  if (auto* done = std::get_if<step::Done>(&result)) {
    hide_trap_flag(vcpu, before);
    if (!done->hit) done->hit = guard_hit_ ? guard_hit_ : watch.hit();
  }
  return result;
}

// An instruction that KVM cannot emulate on a guarded page runs natively, with the pages opened for it.
StepResult Stepper::step_opened(Vcpu& vcpu, const Before& before) {
  const SteppedWatch watch(points_, view_, vcpu, SteppedWatch::Which::GuardedToo);
  points_.guards().open(machine_.vm());
  StepResult result = execute(vcpu, before);
  points_.guards().close(machine_.vm());
  if (auto* done = std::get_if<step::Done>(&result)) done->hit = watch.hit();
  return result;
}

// As the machine would, after the guarded pages have had their say.
Outcome Stepper::serve(const Exit& exit) {
  exits_.count(exit);
  if (const auto* mmio = std::get_if<exits::Mmio>(&exit)) {
    if (const auto access = points_.guards().answer(*mmio)) {
      if (!guard_hit_) guard_hit_ = points_.watched(*access);
      return outcome::Done{};
    }
  }
  return machine_.handle(exit);
}

// KVM's back-ends disagree about stepping onto hlt; all agree about a halted CPU. The shadow of a sti before it ends
// with the hlt: with it no interrupt would wake the CPU.
StepResult Stepper::halt(Vcpu& vcpu, const Before& before) {
  auto registers = before.general;
  registers.rip += before.instruction.length;
  vcpu.set_general(registers);
  if (auto events = vcpu.events(); events.interrupt.shadow != 0) {
    events.interrupt.shadow = 0;
    vcpu.set_events(events);
  }
  vcpu.set_run_state(x86::RunState::Halted);
  const bool can_stop = host_.execute_register[stop_mode(before.system, before.general.rflags)];
  return step::Blocked{can_stop ? std::optional(pc_of(vcpu)) : std::nullopt};
}

namespace {
bool stopped_by_trap(const Exit& exit) {
  const auto* debug = std::get_if<exits::Debug>(&exit);
  return debug && debug->exception == x86::exception::debug;
}
}  // namespace

StepResult Stepper::execute(Vcpu& vcpu, const Before& before) {
  const Exit exit = vcpu.run();
  const Outcome outcome = serve(exit);
  if (std::holds_alternative<outcome::Interrupted>(outcome)) return step::Interrupted{};
  if (std::holds_alternative<outcome::Exit>(outcome) || std::holds_alternative<outcome::Reset>(outcome)) {
    return step::Ended{outcome};
  }
  if (std::holds_alternative<outcome::Done>(outcome)) return finish_access(vcpu, exit);

  const StopCause found = judge(exit, vcpu, points_, view_, planted_, true);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) return step::Failed{*failure};
  // Our byte is lifted: an int3 that KVM tells of here is the guest's own, though a breakpoint may be set on it.
  const bool int3 = before.instruction.kind == Instruction::Kind::Breakpoint && !stopped_by_trap(exit);
  if (int3 && vcpu.general().rip == before.general.rip) return deliver_breakpoint(vcpu, exit);
  return step::Done{};
}

// I/O and MMIO: the devices have answered, KVM finishes the instruction.
StepResult Stepper::finish_access(Vcpu& vcpu, const Exit& first) {
  if (std::holds_alternative<exits::Halt>(first)) return step::Done{};
  for (;;) {
    const Exit exit = vcpu.complete();
    const auto read = read_address(exit);
    if (read && read == read_address(first) && points_.guards().guards(*read)) {
      return step::Failed{{gdbstub::Signal::Ill, describe_failure(exit, vcpu, view_)}};
    }
    const Outcome outcome = serve(exit);
    if (std::holds_alternative<outcome::Done>(outcome)) continue;  // its next part
    if (std::holds_alternative<outcome::Exit>(outcome) || std::holds_alternative<outcome::Reset>(outcome)) {
      return step::Ended{outcome};
    }
    return step::Done{};
  }
}

// The guest's own int3: its handler's first instruction is the next one.
StepResult Stepper::deliver_breakpoint(Vcpu& vcpu, const Exit& exit) {
  const auto handler = handler_of(vcpu, x86::exception::breakpoint);
  const SteppedWatch watch(points_, view_, vcpu, SteppedWatch::Which::GuardedToo);
  inject_breakpoint(vcpu, exit);
  GuestDebug request;
  request.trap_int3 = true;
  request.block_interrupts = true;
  request.single_step = !handler;
  if (handler) request.stop_at(0, *handler);
  vcpu.set_guest_debug(request);
  // KVM cannot push the frame onto a guarded page, and a kick must not lose the exception.
  const bool guarded = points_.guards().any();
  if (guarded) points_.guards().open(machine_.vm());
  Exit arrival = vcpu.run();
  while (std::holds_alternative<exits::Interrupted>(arrival)) arrival = vcpu.run();
  if (guarded) points_.guards().close(machine_.vm());
  const StopCause found = judge(arrival, vcpu, points_, view_, planted_, true);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) return step::Failed{*failure};
  return step::Done{watch.hit()};
}

void Stepper::clear_flag_image(Vcpu& vcpu, Gva address) {
  constexpr std::uint8_t trap_flag_in_second_byte = 1;
  std::uint8_t byte = 0;
  const Gva second = address + 1;
  if (!view_.read(vcpu, second, {&byte, 1}) || !(byte & trap_flag_in_second_byte)) return;
  byte = static_cast<std::uint8_t>(byte & ~trap_flag_in_second_byte);
  (void)view_.write(vcpu, second, {&byte, 1});
}

// KVM steps with the guest's own TF. Where the instruction, or the fault it raised, saved the flags, the guest must not
// see it.
void Stepper::hide_trap_flag(Vcpu& vcpu, const Before& before) {
  if (before.general.rflags & x86::rflags::tf) return;  // the guest set it itself
  const auto& now = vcpu.general();
  const auto& system = vcpu.system();
  const Gva stack{system.ss.base + now.rsp};
  if (before.instruction.kind == Instruction::Kind::PushFlags) return clear_flag_image(vcpu, stack);
  if (before.instruction.kind == Instruction::Kind::Syscall) {
    auto registers = now;
    registers.r11 &= ~x86::rflags::tf;
    if (registers.r11 != now.r11) vcpu.set_general(registers);
    return;
  }
  if (now.rip == before.general.rip + before.instruction.length) return;  // no handler was entered
  const auto frame = interrupt_frame(view_, vcpu);
  const bool entered =
      frame && (frame->rip == before.general.rip || frame->rip == before.general.rip + before.instruction.length);
  if (entered && frame->cs == before.system.cs.selector) clear_flag_image(vcpu, frame->flags_at);
}

}  // namespace gdbvm
