// The guest's interrupt descriptor table and the frames its entries push (SDM vol. 3, 6.10 to 6.14).
#pragma once

#include <cstdint>
#include <optional>

#include "vmm/debug/guest/guest_view.h"

namespace gdbvm {

struct Gate {
  Gva handler;
  unsigned privilege;  // the least privileged CPL that may reach it by int n
  bool present;
  bool operator==(const Gate&) const = default;
};
// nullopt: the table ends before the vector, or cannot be read.
std::optional<Gate> idt_gate(const GuestView& view, Vcpu& vcpu, std::uint8_t vector);

// Where an interrupt or exception of this vector would arrive; nullopt when the table has no usable entry.
std::optional<Gva> idt_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t vector);

// The saved state of the interrupted code, for a CPU that stands at a handler's first instruction.
struct InterruptFrame {
  std::uint8_t vector;
  std::uint64_t rip;
  std::uint16_t cs;
  Gva flags_at;  // where the image of the flags was pushed
  std::optional<std::uint64_t> error_code;
  std::uint64_t flags = 0;  // that image
  // A fault: the CPU sets RF in the image it pushes, so that a breakpoint on the instruction is not hit again (SDM
  // vol. 3, 19.3.1.1). For an int3 and other traps it does not.
  bool is_fault() const { return flags & x86::rflags::rf; }
};
// For a CPU known to stand at the entry of this vector's handler. nullopt: the stack is unreadable.
std::optional<InterruptFrame> frame_of(const GuestView& view, Vcpu& vcpu, std::uint8_t vector);
// nullopt: the pc is not the entry of any exception handler (vectors 0 to 31), or the stack is unreadable.
std::optional<InterruptFrame> interrupt_frame(const GuestView& view, Vcpu& vcpu);

// For a CPU that stands at an iret: where it leads, in the width of the CPU's mode. nullopt: the stack is unreadable.
std::optional<Gva> interrupted_code(const GuestView& view, Vcpu& vcpu);
// Undoes an exception in long mode: back to the code it interrupted, as if it had not come. false, with nothing
// changed, when its segments cannot be loaded.
bool return_from(const InterruptFrame& frame, const GuestView& view, Vcpu& vcpu);

}  // namespace gdbvm
