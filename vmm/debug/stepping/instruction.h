// The few kinds of instruction that a single step must treat with care.
#pragma once

#include <cstdint>
#include <span>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

struct Instruction {
  enum class Kind {
    Plain,
    Halt,             // hlt: nothing to trap until an interrupt comes
    PushFlags,        // pushf*: would show the TF of a single step
    PopFlags,         // popf*: loads TF, which KVM's step covers up
    Syscall,          // syscall: R11 would
    Interrupt,        // int n, into: so would the frame
    Breakpoint,       // int3
    InterruptReturn,  // iret*
    FarReturn,        // retf: two pops
    Undecodable,
  };
  Kind kind = Kind::Undecodable;
  std::uint8_t length = 0;  // bytes; 0 when undecodable
  std::uint8_t vector = 0;  // Kind::Interrupt
};

// `bytes` may be short where memory ends.
Instruction decode(std::span<const std::uint8_t> bytes, x86::CpuMode mode);
// The one that the CPU stands on.
Instruction current_instruction(const GuestView& view, Vcpu& vcpu);

}  // namespace gdbvm
