// Which pieces of memory a core file shows, and where: virtual addresses for gdb, physical ones for crash and drgn.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::dump {

struct CoreSegment {
  std::uint64_t address;  // where gdb finds it
  Gpa physical;           // RAM, all of one region
  std::uint64_t size;
  bool operator==(const CoreSegment&) const = default;
};

// RAM that no page table maps is at this distance from its physical address: no CPU can form such addresses.
inline constexpr std::uint64_t physical_window = std::uint64_t{1} << 63;

struct CoreMap {
  std::vector<CoreSegment> segments;
  std::uint64_t left_out = 0;  // mappings beyond what a walk visits or a core file holds
};

// What each CPU's page tables map to RAM; where they differ, the first CPU's view holds. After them, with a window,
// comes the RAM that none of them maps, so that every byte of RAM is in some segment. Without paging on any CPU: all of
// RAM, at its physical address.
enum class Unmapped { LeaveOut, Window };
CoreMap core_map(const GuestMemory& memory, std::span<const x86::SystemRegisters> spaces, Unmapped unmapped);
// Leaves out what an ELF32 file cannot name: RAM or addresses above 4 GiB. (RAM below that is 3 GiB at most, so that
// its offsets fit.)
void keep_32_bits(CoreMap& map);

}  // namespace gdbvm::dump
