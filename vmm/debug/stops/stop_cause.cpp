// What an exit means to the debugger: pure judgement over the exit, the CPU's state and what is armed.
#include "vmm/debug/stops/stop_cause.h"

#include <array>
#include <cstring>

#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

StopCause judge_int3(Vcpu& vcpu, const ArmedStops& armed, const GuestView& view, const SoftwareBreakpoints& planted) {
  const Gva pc = pc_of(vcpu);
  if (armed.at(pc)) return cause::Breakpoint{pc};
  const auto gpa = view.translate(vcpu, pc);
  if (gpa && planted.planted(*gpa)) return cause::Foreign{};
  if (gpa && planted.planted_once(*gpa)) return cause::OneShot{};
  return cause::GuestInt3{};
}

StopCause judge_trap(const exits::Debug& debug, Vcpu& vcpu, const ArmedStops& armed, Ran ran) {
  const Gva pc = pc_of(vcpu);
  for (unsigned n = 0; n < x86::debug_register_count; ++n) {
    const auto* watchpoint = armed.watched_by_register(n);
    if (x86::dr6::hit(debug.dr6, n) && watchpoint) return cause::Watch{watchpoint};
  }
  if ((debug.dr6 & x86::dr6::hit_mask) && armed.guest_debug().use_debug_registers) {
    if (const auto handler = armed.user_trap(pc)) return cause::UserTrap{*handler};
    if (armed.at(pc)) return cause::Breakpoint{pc};
  }
  if (ran == Ran::OneStep) return cause::Step{};
  const bool stepped = !(debug.dr6 & x86::dr6::hit_mask) && !(vcpu.general().rflags & x86::rflags::tf);
  // A guest that ends its own stepping has its last trap with TF clear.
  if (stepped && (ran == Ran::AfterStep || !(debug.dr6 & x86::dr6::single_step))) return cause::Leftover{};
  // A register of ours whose breakpoint has gone meanwhile, or the guest's own trap.
  return cause::GuestTrap{debug.dr6 & (x86::dr6::hit_mask | x86::dr6::single_step)};
}

// An int3 that KVM's instruction emulator met fails there (kvm_pvm): RIP stands on it.
bool stands_on_int3(Vcpu& vcpu, const GuestView& view, const SoftwareBreakpoints& planted) {
  const auto gpa = view.translate(vcpu, pc_of(vcpu));
  if (!gpa) return false;
  if (planted.planted(*gpa) || planted.planted_once(*gpa)) return true;
  std::uint8_t byte = 0;
  return view.read_physical(*gpa, {&byte, 1}) && byte == SoftwareBreakpoints::int3;
}

std::string instruction_at(Vcpu& vcpu, const GuestView& view) {
  std::array<std::uint8_t, 15> bytes{};
  const auto count = view.read(vcpu, pc_of(vcpu), bytes);
  if (!count) return fmt::format("(unreadable: {})", count.error().text);
  std::string text;
  for (std::size_t i = 0; i < *count; ++i) text += fmt::format("{}{:02x}", i ? " " : "", bytes[i]);
  return text;
}

struct Describe {
  std::string operator()(const exits::Shutdown&) const { return "triple fault: the CPU has shut down"; }
  std::string operator()(const exits::InternalError& e) const {
    if (e.kind == exits::InternalError::Kind::Emulation) return "KVM cannot emulate this instruction on this host";
    return fmt::format("KVM internal error, suberror {}", e.suberror);
  }
  std::string operator()(const exits::FailEntry& e) const {
    return fmt::format("the CPU refused to enter the guest, hardware reason {:#x}", e.hardware_reason);
  }
  std::string operator()(const exits::RunFailed& e) const {
    return fmt::format("KVM_RUN failed: {}", std::strerror(e.error));
  }
  std::string operator()(const exits::Unknown& e) const { return fmt::format("unknown KVM exit reason {}", e.reason); }
  std::string operator()(const exits::SystemEvent& e) const { return fmt::format("system event {}", e.type); }
  template <class Other>
  std::string operator()(const Other&) const {
    return "unexpected exit";
  }
};

// The guest turns paging on where the host has none: by a mov to CR0 (0f 22 /0) outside long mode.
bool pages_in_vain(Vcpu& vcpu, const GuestView& view, const ArmedStops& armed) {
  if (armed.host_has_legacy_paging() || vcpu.system().efer & x86::efer::lme) return false;
  std::array<std::uint8_t, 3> bytes{};
  const auto count = view.read(vcpu, pc_of(vcpu), bytes);
  return count && *count == bytes.size() && bytes[0] == 0x0f && bytes[1] == 0x22 && (bytes[2] & 0x38) == 0;
}

}  // namespace

std::string describe_failure(const Exit& exit, Vcpu& vcpu, const GuestView& view) {
  return fmt::format("CPU {}: {}, at {}: {}", vcpu.index(), std::visit(Describe{}, exit), pc_of(vcpu),
                     instruction_at(vcpu, view));
}

std::string describe_stuck(Vcpu& vcpu, const GuestView& view) {
  return fmt::format("CPU {}: this host's KVM does not carry out the instruction at {}, and never gets past it: {}",
                     vcpu.index(), pc_of(vcpu), instruction_at(vcpu, view));
}

StopCause judge(const Exit& exit, Vcpu& vcpu, const ArmedStops& armed, const GuestView& view,
                const SoftwareBreakpoints& planted, Ran ran) {
  using gdbstub::Signal;
  if (const auto* debug = std::get_if<exits::Debug>(&exit)) {
    if (debug->exception == x86::exception::breakpoint) return judge_int3(vcpu, armed, view, planted);
    return judge_trap(*debug, vcpu, armed, ran);
  }
  if (const auto* error = std::get_if<exits::InternalError>(&exit)) {
    const bool emulation_failed = error->kind == exits::InternalError::Kind::Emulation;
    if (emulation_failed && stands_on_int3(vcpu, view, planted)) return judge_int3(vcpu, armed, view, planted);
    return cause::Failure{Signal::Ill, describe_failure(exit, vcpu, view)};
  }
  std::string text = describe_failure(exit, vcpu, view);
  if (!std::holds_alternative<exits::Shutdown>(exit)) return cause::Failure{Signal::Abort, std::move(text)};
  if (pages_in_vain(vcpu, view, armed)) text += "; this host's KVM has no paging outside long mode (gdbvm doctor)";
  return cause::Failure{Signal::Segv, std::move(text)};
}

}  // namespace gdbvm
