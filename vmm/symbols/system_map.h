// A kernel's symbols in the form of System.map, /proc/kallsyms and `nm`: address, letter and name, one to a line.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gdbvm::symbols {

struct Symbol {
  std::uint64_t address;
  char kind;  // nm's letter: T and t code, A and a absolute, ...; a capital is global
  std::string_view name;
};

// The names point into `text`. Symbols of modules, which /proc/kallsyms marks with [module], are left out; so are the
// nameless and the undefined. The error is a sentence without a full stop.
std::expected<std::vector<Symbol>, std::string> parse_system_map(std::string_view text);

inline bool is_global(const Symbol& symbol) { return symbol.kind >= 'A' && symbol.kind <= 'Z'; }

// An address of the kernel's image, which moves with it: not absolute, nor an offset from the start of per-CPU data.
bool slides_with_kernel(const Symbol& symbol);

}  // namespace gdbvm::symbols
