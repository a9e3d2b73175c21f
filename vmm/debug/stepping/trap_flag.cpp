#include "vmm/debug/stepping/trap_flag.h"

#include "vmm/debug/guest/idt.h"

namespace gdbvm {

void clear_trap_flag(GuestView& view, Vcpu& vcpu, Gva flags_at) {
  constexpr std::uint8_t trap_flag_in_second_byte = 1;
  std::uint8_t byte = 0;
  const Gva second = flags_at + 1;
  if (!view.read(vcpu, second, {&byte, 1}) || !(byte & trap_flag_in_second_byte)) return;
  byte = static_cast<std::uint8_t>(byte & ~trap_flag_in_second_byte);
  (void)view.write(vcpu, second, {&byte, 1});
}

namespace {

// The frame of the handler that the step has entered: of the instruction's fault, or of its software interrupt.
std::optional<InterruptFrame> entered_by(StepRun& run) {
  const StepRun::Before& before = run.before();
  const std::uint64_t next = before.general.rip + before.instruction.length;
  if (run.vcpu().general().rip == next) return std::nullopt;
  const auto frame = interrupt_frame(run.view(), run.vcpu());
  return frame && (frame->rip == before.general.rip || frame->rip == next) ? frame : std::nullopt;
}

}  // namespace

bool restore_trap_flag(StepRun& run) {
  using enum Instruction::Kind;
  const StepRun::Before& before = run.before();
  if (!run.guest_has_trap_flag() && !before.trap_flag_after) return false;
  const auto kind = before.instruction.kind;
  const bool cleared = kind == Interrupt || kind == Breakpoint || entered_by(run);
  auto registers = run.vcpu().general();
  registers.rflags &= ~x86::rflags::tf;
  if (before.trap_flag_after && !cleared) registers.rflags |= x86::rflags::tf;
  run.vcpu().set_general(registers);
  return run.guest_has_trap_flag() && !cleared && (kind != Syscall || before.trap_flag_after);
}

void keep_trap_flag(StepRun& run) {
  if (!run.guest_has_trap_flag()) return;
  auto registers = run.vcpu().general();
  registers.rflags |= x86::rflags::tf;
  run.vcpu().set_general(registers);
}

void hide_trap_flag(StepRun& run) {
  if (run.guest_has_trap_flag()) return;
  Vcpu& vcpu = run.vcpu();
  const StepRun::Before& before = run.before();
  const auto& now = vcpu.general();
  const Gva stack{vcpu.system().ss.base + now.rsp};
  if (before.instruction.kind == Instruction::Kind::PushFlags) return clear_trap_flag(run.view(), vcpu, stack);
  if (before.instruction.kind == Instruction::Kind::Syscall) {
    auto registers = now;
    registers.r11 &= ~x86::rflags::tf;
    if (registers.r11 != now.r11) vcpu.set_general(registers);
    return;
  }
  if (now.rip == before.general.rip + before.instruction.length) return;  // no handler was entered
  const auto frame = entered_by(run);
  if (frame && frame->cs == before.system.cs.selector) clear_trap_flag(run.view(), vcpu, frame->flags_at);
}

}  // namespace gdbvm
