// The pointers of a position-independent executable, which its linker leaves to the loader (R_X86_64_RELATIVE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/symbols/elf_file.h"

namespace gdbvm::boot {

struct LoadSegment {                     // PT_LOAD with something in it
  Gva linear;                            // p_vaddr
  Gpa physical;                          // p_paddr
  std::uint64_t file_offset, file_size;  // inside the file
  std::uint64_t memory_size;             // at least file_size, at least 1; neither address wraps within it
};

struct Relocation {
  std::size_t segment;   // which of the segments
  std::uint64_t offset;  // in it, of the eight bytes
  std::uint64_t value;   // for an image that is where it was linked to be
};

// Those of the table DT_RELA, which `dynamic` (PT_DYNAMIC) names. Other types than R_X86_64_RELATIVE, and the symbols
// they refer to, are left to the kernel's own code. A table that is damaged is an error: a predicate.
std::expected<std::vector<Relocation>, std::string> read_relocations(const symbols::ElfFile& file,
                                                                     const symbols::ElfSegment& dynamic,
                                                                     std::span<const LoadSegment> segments);

}  // namespace gdbvm::boot
