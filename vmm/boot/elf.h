// An ELF executable as a loader needs it: checked, so that nothing in it need be distrusted.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/elf_notes.h"
#include "vmm/symbols/elf_file.h"

namespace gdbvm::boot {

struct LoadSegment {                     // PT_LOAD with something in it
  Gva linear;                            // p_vaddr
  Gpa physical;                          // p_paddr
  std::uint64_t file_offset, file_size;  // inside the file
  std::uint64_t memory_size;             // at least file_size, at least 1; neither address wraps within it
};

struct ElfImage {
  symbols::ElfClass elf_class;
  std::uint64_t entry;
  std::vector<LoadSegment> segments;  // at least one
  BootNotes notes;

  bool is_64() const { return elf_class == symbols::ElfClass::Elf64; }
};

bool has_elf_magic(std::span<const std::uint8_t> image);
// Little-endian executables for i386 (ELF32) and x86-64 (ELF64) that need no dynamic linker. `name` is for the error.
std::expected<ElfImage, ImageError> parse_elf(std::span<const std::uint8_t> image, const std::string& name);

}  // namespace gdbvm::boot
