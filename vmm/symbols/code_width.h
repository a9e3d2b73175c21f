// Whether a 32-bit ELF file is a container for 64-bit code, as loaders of multiboot images want it (objcopy -O
// elf32-i386).
#pragma once

#include "vmm/symbols/elf_file.h"

namespace gdbvm::symbols {

// By the size of an address in the debugging information, or else by how often instructions have a REX.W prefix.
bool contains_64_bit_code(const ElfFile& file);

}  // namespace gdbvm::symbols
