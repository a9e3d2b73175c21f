// Breakpoints and steps at CPL 3 on hosts whose KVM hands those traps to the guest.
#include "vmm/debug/stops/user_traps.h"

namespace gdbvm {

namespace {
constexpr std::uint8_t breakpoint_vector = 3, not_present_vector = 11, protection_vector = 13;
constexpr std::uint64_t error_of_breakpoint_gate = breakpoint_vector << 3 | 2;  // SDM vol. 3, 6.13: the IDT's entry 3
}  // namespace

std::optional<UserTrapHandler> user_trap_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t trap) {
  if (!(vcpu.system().efer & x86::efer::lma)) return std::nullopt;
  const auto gate = idt_gate(view, vcpu, trap);
  std::uint8_t vector = trap;
  if (trap == breakpoint_vector) {
    // An int3 asks for the gate's leave; the #DB of a step does not.
    if (gate && gate->present && gate->privilege < 3) vector = protection_vector;
    if (!gate) vector = protection_vector;
    if (gate && !gate->present) vector = not_present_vector;
  }
  const auto handler = idt_handler(view, vcpu, vector);
  if (!handler) return std::nullopt;
  return UserTrapHandler{*handler, vector};
}

std::optional<Gva> user_int3_behind(const InterruptFrame& frame) {
  if ((frame.cs & 3) != 3) return std::nullopt;
  if (frame.vector == breakpoint_vector) return Gva{frame.rip - 1};
  const bool gate_fault = frame.vector == protection_vector || frame.vector == not_present_vector;
  if (gate_fault && frame.error_code == error_of_breakpoint_gate) return Gva{frame.rip};
  return std::nullopt;
}

}  // namespace gdbvm
