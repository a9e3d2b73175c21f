// Boots an ELF executable without any boot protocol: its segments in place, the CPU at its entry point.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/elf.h"
#include "vmm/boot/load_options.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// How the CPU enters: as the ELF's class says, or in 32-bit protected mode with paging off, as a multiboot loader would
// enter a 64-bit kernel that finds its own way up.
enum class ElfEntry { Own, Protected };

// Segments go to their p_paddr. ELF64: long mode, each segment also mapped at its p_vaddr, entered at e_entry, a linear
// address in one of the segments, by either of their addresses. ELF32: protected mode with paging off; an e_entry
// that is only known as a virtual address is entered at the physical one that it is mapped to. Position-independent
// executables go where they were linked to be, with their pointers filled in. `image` is what `elf` was parsed from.
std::expected<BootPlan, ImageError> plan_elf(const ElfImage& elf, std::span<const std::uint8_t> image,
                                             const LoadOptions& options, std::uint64_t ram_size,
                                             ElfEntry entry = ElfEntry::Own);

// The parts of that which other protocols share.

// The segments into the plan and out of `ram`: inside RAM, and disjoint.
std::expected<void, ImageError> load_segments(BootPlan& plan, RamPlan& ram, const ElfImage& elf,
                                              std::span<const std::uint8_t> image, const std::string& name,
                                              std::uint64_t ram_size);
// Where e_entry is in physical memory.
std::expected<Gpa, ImageError> physical_entry(const ElfImage& elf, const std::string& name);
// Where the last segment ends.
Gpa end_of(const ElfImage& elf);

}  // namespace gdbvm::boot
