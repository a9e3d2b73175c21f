#include "vmm/debug/stepping/step_run.h"

#include <array>

#include "vmm/debug/guest/idt.h"
#include "vmm/debug/stepping/handler_stops.h"
#include "vmm/debug/stepping/own_exceptions.h"
#include "vmm/debug/stepping/read_loop.h"
#include "vmm/x86/exceptions.h"
#include "vmm/x86/msrs.h"

namespace gdbvm {

namespace {

bool trap_flag_after(const GuestView& view, Vcpu& vcpu, Instruction::Kind kind) {
  const bool now = vcpu.general().rflags & x86::rflags::tf;
  switch (kind) {
    case Instruction::Kind::PopFlags: {
      std::array<std::uint8_t, 2> image{};
      const auto count = view.read(vcpu, Gva{vcpu.system().ss.base + vcpu.general().rsp}, image);
      return count && *count == image.size() ? (image[1] << 8 & x86::rflags::tf) != 0 : now;
    }
    case Instruction::Kind::InterruptReturn: {
      constexpr std::uint8_t without_error_code = 0;
      const auto frame = frame_of(view, vcpu, without_error_code);
      return frame ? (frame->flags & x86::rflags::tf) != 0 : now;
    }
    case Instruction::Kind::Syscall:
      return now && !(vcpu.msr(x86::msr::fmask).value_or(0) & x86::rflags::tf);
    default:
      return now;
  }
}

StepRun::Before look(const GuestView& view, Vcpu& vcpu) {
  const Instruction instruction = current_instruction(view, vcpu);
  return {instruction, vcpu.general(), vcpu.system(), trap_flag_after(view, vcpu, instruction.kind)};
}

bool stopped_by_trap(const Exit& exit) {
  const auto* debug = std::get_if<exits::Debug>(&exit);
  return debug && debug->exception == x86::exception::debug;
}

}  // namespace

StepRun::StepRun(const StepContext& context, Vcpu& vcpu)
    : context_(context), vcpu_(vcpu), before_(look(context.view, vcpu)) {}

GuestDebug StepRun::request() const {
  GuestDebug request;
  request.trap_int3 = true;
  request.block_interrupts = true;
  return request;
}

StepResult StepRun::execute() {
  const Exit exit = vcpu_.run();
  const Outcome outcome = serve(exit);
  if (std::holds_alternative<outcome::Interrupted>(outcome)) return step::Interrupted{};
  if (std::holds_alternative<outcome::Exit>(outcome) || std::holds_alternative<outcome::Reset>(outcome)) {
    return step::Ended{outcome};
  }
  if (std::holds_alternative<outcome::Done>(outcome)) return finish_access(exit);

  const StopCause found = judge(exit);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) return step::Failed{*failure, exit};
  // Our byte is lifted: an int3 that KVM tells of here is the guest's own, though a breakpoint may be set on it.
  const bool int3 = before_.instruction.kind == Instruction::Kind::Breakpoint && !stopped_by_trap(exit);
  if (int3 && vcpu_.general().rip == before_.general.rip) {
    inject_breakpoint(vcpu_, exit);
    return deliver(x86::exception::breakpoint);
  }
  return step::Done{};
}

Outcome StepRun::serve(const Exit& exit) {
  context_.exits.count(exit);
  if (const auto* mmio = std::get_if<exits::Mmio>(&exit)) {
    if (const auto access = context_.armed.guards().answer(*mmio)) {
      if (!guard_hit_) guard_hit_ = context_.armed.watched(*access);
      return outcome::Done{};
    }
  }
  return context_.machine.handle(vcpu_.index(), exit);
}

StepResult StepRun::finish_access(const Exit& first) {
  if (std::holds_alternative<exits::Halt>(first)) return step::Done{};
  ReadLoop loop;
  (void)loop.repeats(first, vcpu_.general());
  for (;;) {
    const Exit exit = vcpu_.complete();
    if (loop.repeats(exit, vcpu_.general()) && context_.armed.guards().guards(*read_address(exit))) {
      return step::Failed{{gdbstub::Signal::Ill, describe_failure(exit, vcpu_, context_.view)}, exit};
    }
    const Outcome outcome = serve(exit);
    if (std::holds_alternative<outcome::Done>(outcome)) continue;  // its next part
    if (std::holds_alternative<outcome::Exit>(outcome) || std::holds_alternative<outcome::Reset>(outcome)) {
      return step::Ended{outcome};
    }
    return step::Done{};
  }
}

StopCause StepRun::judge(const Exit& exit) {
  return gdbvm::judge(exit, vcpu_, context_.armed, context_.view, context_.planted, Ran::OneStep);
}

bool StepRun::nothing_done(const StepResult& result) {
  return std::holds_alternative<step::Done>(result) && vcpu_.general() == before_.general;
}

// A kick may come before anything has been delivered: KVM keeps the exception.
StepResult StepRun::deliver(std::uint8_t vector) {
  const SteppedWatch watch(context_.armed, context_.view, vcpu_, SteppedWatch::Which::GuardedToo);
  const std::uint64_t from = vcpu_.general().rip;
  Exit exit = run_to_handler(vector);
  while (std::holds_alternative<exits::Interrupted>(exit) && vcpu_.general().rip == from) exit = run_to_handler(vector);
  return arrived(exit, watch);
}

StepResult StepRun::interrupt(std::uint8_t vector) {
  const SteppedWatch watch(context_.armed, context_.view, vcpu_, SteppedWatch::Which::GuardedToo);
  const Exit exit = run_to_handler(vector);
  if (std::holds_alternative<exits::Interrupted>(exit) && vcpu_.general() == before_.general)
    return step::Interrupted{};
  return arrived(exit, watch);
}

// The handler's first instruction is the next one. Where the guest's tables are broken, the exception becomes another
// one; should even that arrive unseen, a kick ends the wait.
Exit StepRun::run_to_handler(std::uint8_t vector) {
  using namespace x86::exception;
  Processor& cpu = context_.machine.vcpu(vcpu_.index());
  HandlerStops stops(context_.machine.memory(), context_.view, cpu,
                     std::array{vector, general_protection, segment_not_present, double_fault});
  GuestDebug request = this->request();
  request.single_step = !stops.any();
  vcpu_.set_guest_debug(request);
  // KVM cannot push the frame onto a guarded page.
  SlotWatchpoints& guards = context_.armed.guards();
  const auto run = [&] { return vcpu_.run(); };
  const Exit exit = guards.any() ? guards.opened(context_.machine.vm(), run) : run();
  stops.take_back(exit);
  return exit;
}

StepResult StepRun::arrived(const Exit& exit, const SteppedWatch& watch) {
  const bool there = std::holds_alternative<exits::Halt>(exit) || std::holds_alternative<exits::Interrupted>(exit);
  if (there) return step::Done{watch.hit()};
  const StopCause found = judge(exit);
  if (const auto* failure = std::get_if<cause::Failure>(&found)) return step::Failed{*failure, exit};
  return step::Done{watch.hit()};
}

}  // namespace gdbvm
