// A program's functions and labels by address: what a place in code is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "vmm/symbols/elf_file.h"

namespace gdbvm::symbols {

class CodeSymbols final {
 public:
  struct Place {
    std::string_view name;  // lives as long as the table
    std::uint64_t offset;   // bytes from where the symbol is
    bool operator==(const Place&) const = default;
  };

  CodeSymbols() = default;
  // Those of an ELF file of either width that lie in sections of code. Any bytes may be given; a file without a symbol
  // table, or one that cannot be read, has none.
  static CodeSymbols of(const ReadAt& read);

  // The nearest symbol at or below the address. nullopt: there is none, or it ends before the address: a function after
  // its size, a label without a size at the end of its section. Of several symbols at one place the global one counts.
  std::optional<Place> at(std::uint64_t address) const;

 private:
  struct Symbol {
    std::uint64_t start, last;  // of its bytes
    std::uint32_t name;         // in names_
    bool global;
  };
  template <class ElfSymbol>
  void read(const ElfFile& file, const ElfSection& table);

  std::vector<std::uint8_t> names_;
  std::vector<Symbol> symbols_;  // by address, one at each
};

}  // namespace gdbvm::symbols
