// Breakpoints and steps at CPL 3 on hosts whose KVM hands those traps to the guest.
#include "vmm/debug/stops/user_traps.h"

#include "vmm/x86/exceptions.h"

namespace gdbvm {

using namespace x86::exception;

std::optional<UserTrapHandler> user_trap_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t trap) {
  if (!(vcpu.system().efer & x86::efer::lma)) return std::nullopt;
  const auto gate = idt_gate(view, vcpu, trap);
  std::uint8_t vector = trap;
  if (trap == breakpoint && !(gate && gate->present)) vector = gate ? segment_not_present : general_protection;
  const auto handler = idt_handler(view, vcpu, vector);
  if (!handler) return std::nullopt;
  return UserTrapHandler{*handler, vector};
}

std::optional<Gva> user_int3_behind(const InterruptFrame& frame) {
  if ((frame.cs & 3) != 3) return std::nullopt;
  // Where one handler serves all exceptions, a fault just after a byte of ours looks the same but for RF.
  if (frame.vector == breakpoint) return frame.is_fault() ? std::nullopt : std::optional(Gva{frame.rip - 1});
  const bool gate_fault = frame.vector == general_protection || frame.vector == segment_not_present;
  if (gate_fault && frame.error_code == x86::idt_error_code(breakpoint)) return Gva{frame.rip};
  return std::nullopt;
}

}  // namespace gdbvm
