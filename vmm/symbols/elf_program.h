// What is asked of an ELF file that debuggers are given as it is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "vmm/symbols/elf_file.h"

namespace gdbvm::symbols {

bool is_64_bit_elf(const ReadAt& read);

// Where the first segment to be loaded is linked for. nullopt: it is not a 64-bit ELF file, or has no such segment.
std::optional<std::uint64_t> first_segment(const ReadAt& read);

// The values of the symbols of these names in a 64-bit ELF file; names that it lacks are missing. Of several symbols
// with one name the global one counts, or else the first.
std::map<std::string, std::uint64_t, std::less<>> find_symbols(const ReadAt& read, std::span<const char* const> names);

}  // namespace gdbvm::symbols
