// An ELF executable as a loader needs it: checked, so that nothing in it need be distrusted.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/elf_notes.h"
#include "vmm/boot/elf_relocations.h"
#include "vmm/symbols/elf_file.h"

namespace gdbvm::boot {

struct ElfImage {
  symbols::ElfClass elf_class;
  std::uint64_t entry;
  std::vector<LoadSegment> segments;  // at least one
  std::vector<Relocation> relocations;
  BootNotes notes;
  bool has_interpreter = false;  // PT_INTERP: a program for an operating system, or a kernel linked like one

  bool is_64() const { return elf_class == symbols::ElfClass::Elf64; }
};

bool has_elf_magic(std::span<const std::uint8_t> image);
// Little-endian executables for i386 (ELF32) and x86-64 (ELF64). `name` is for the error.
std::expected<ElfImage, ImageError> parse_elf(std::span<const std::uint8_t> image, const std::string& name);

}  // namespace gdbvm::boot
