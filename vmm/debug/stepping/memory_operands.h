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
  std::uint64_t size;     // bytes; with a rep prefix, of all iterations, in the direction flag's direction
  std::uint64_t element;  // bytes of one iteration
  bool read, written;
};

// Explicit and implicit operands (stack, string) of the instruction that begins `bytes`, with the registers before it.
// With those `after` it, a repeated instruction's are what the iterations made so far have touched; without, what all
// that are to come will. What the CPU itself touches, such as interrupt frames and page tables, is not among them.
std::vector<MemoryAccess> memory_operands(std::span<const std::uint8_t> bytes, const x86::GeneralRegisters& general,
                                          const x86::SystemRegisters& system,
                                          const x86::GeneralRegisters* after = nullptr);

}  // namespace gdbvm
