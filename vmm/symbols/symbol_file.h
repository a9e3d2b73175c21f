// An ELF file for debuggers that holds symbols and nothing else.
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/symbols/system_map.h"

namespace gdbvm::symbols {

// A 64-bit executable whose sections (without contents: code and data are read from the guest) span the symbols, each
// code or data as its symbols are, so that debuggers tell functions from variables and relocate both. The sections
// neither overlap nor leave gaps. Absolute symbols belong to none.
std::vector<std::uint8_t> make_symbol_file(std::vector<Symbol> symbols);

// One that holds nothing at all: for a program that debuggers can know nothing of, such as a compressed kernel.
std::vector<std::uint8_t> make_empty_file(std::uint64_t entry);

}  // namespace gdbvm::symbols
