// Reads an ELF executable's headers (System V ABI, chapter 4 and 5) into what a loader needs, and nothing it must
// distrust.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vmm/boot/boot_plan.h"

namespace gdbvm::boot {

struct ElfSegment {                      // PT_LOAD with something in it
  Gva linear;                            // p_vaddr
  Gpa physical;                          // p_paddr
  std::uint64_t file_offset, file_size;  // inside the file
  std::uint64_t memory_size;             // at least file_size, at least 1; neither address wraps within it
};

struct ElfImage {
  enum class Class { Elf32, Elf64 } elf_class;
  std::uint64_t entry;
  std::vector<ElfSegment> segments;  // at least one
  // XEN_ELFNOTE_PHYS32_ENTRY: the entry point of the PVH protocol, a physical address.
  std::optional<std::uint64_t> pvh_entry;
  bool is_linux = false;  // has a note of Linux's
};

bool has_elf_magic(std::span<const std::uint8_t> image);
// Little-endian executables for i386 (ELF32) and x86-64 (ELF64) that need no dynamic linker. `name` is for the error.
std::expected<ElfImage, ImageError> parse_elf(std::span<const std::uint8_t> image, const std::string& name);

}  // namespace gdbvm::boot
