// What loading an image comes to, as plain data: bytes to place, the CPU's first state, and what to tell the debugger.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::boot {

struct Placement {
  Gpa start;
  std::vector<std::uint8_t> bytes;  // the rest of RAM is zero, .bss included
};

// How the debugger sees the guest's registers, ascending in width. A plan's fits the image when it starts.
enum class GuestArchitecture { I8086, I386, X86_64 };

struct BootPlan {
  std::vector<Placement> placements;  // validated: inside RAM, disjoint
  std::optional<Placement> rom;       // outside RAM, whole pages
  x86::GeneralRegisters general;
  x86::SystemRegisters system;
  GuestArchitecture architecture{};
  // Where a kernel begins that may choose another place at boot; nullopt: it stays, or is nothing gdbvm knows.
  std::optional<Gva> sliding_kernel;
  std::string format;  // "64-bit ELF", "boot sector"... for messages
};

// One sentence, without a full stop, for a user whose image cannot be used.
using ImageError = std::string;

}  // namespace gdbvm::boot
