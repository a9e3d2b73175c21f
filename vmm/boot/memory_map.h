// The memory map that boot protocols hand to a kernel, as a PC's firmware reports it (ACPI 6.4, chapter 15: E820).
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/memory/address.h"

namespace gdbvm::boot {

struct MemoryRange {
  enum class Kind : std::uint32_t { Ram = 1, Reserved = 2 };  // E820's numbers, which all protocols share

  Gpa start;
  std::uint64_t size;
  Kind kind;
  bool operator==(const MemoryRange&) const = default;
};

// Ascending and disjoint, for a machine with `ram_size` bytes laid out like GuestMemory's. The last KiB below
// 640 KiB and the firmware's part below 1 MiB are reserved; of what lies between them, as on a PC, the map says
// nothing.
std::vector<MemoryRange> memory_map(std::uint64_t ram_size);

// KiB of RAM from 0 up, at most 640, and from 1 MiB up to the first hole: what came before memory maps.
struct OldMemorySizes {
  std::uint32_t lower_kib, upper_kib;
};
OldMemorySizes old_memory_sizes(std::uint64_t ram_size);

}  // namespace gdbvm::boot
