// Which memory one instruction touches, by its operands: what a stepped watchpoint compares with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

struct MemoryAccess {
  Gva address;
  std::uint64_t size;  // bytes; for a rep prefix, of all iterations still to come in the direction flag's direction
  bool read, written;
};

// Explicit and implicit operands (stack, string) of the instruction that begins `bytes`, before it is executed. What
// the CPU itself touches, such as interrupt frames and page tables, is not among them.
std::vector<MemoryAccess> memory_operands(std::span<const std::uint8_t> bytes, const x86::GeneralRegisters& general,
                                          const x86::SystemRegisters& system);

}  // namespace gdbvm
