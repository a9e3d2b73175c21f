// The symbol table of an ELF file (System V ABI, chapter 4, "Symbol Table").
#include "vmm/symbols/code_symbols.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <tuple>

namespace gdbvm::symbols {

namespace {

bool names_code(unsigned type) { return type == STT_FUNC || type == STT_NOTYPE; }

// By number; those of data are empty.
std::vector<ElfSection> code_sections(const ElfFile& file) {
  std::vector<ElfSection> sections(file.section_count());
  for (unsigned i = 0; i < sections.size(); ++i) {
    const auto section = file.section(i);
    if (section && (section->flags & SHF_EXECINSTR) != 0) sections[i] = *section;
  }
  return sections;
}

}  // namespace

template <class ElfSymbol>
void CodeSymbols::read(const ElfFile& file, const ElfSection& table) {
  const auto sections = code_sections(file);
  const auto bytes = file.contents(table);
  for (std::size_t at = 0; bytes.size() - at >= sizeof(ElfSymbol); at += sizeof(ElfSymbol)) {
    ElfSymbol symbol;
    std::memcpy(&symbol, &bytes[at], sizeof symbol);
    if (!names_code(ELF64_ST_TYPE(symbol.st_info))) continue;  // the same bits in both widths
    const auto name = string_at(names_, symbol.st_name);
    if (!name || name->empty() || symbol.st_shndx >= sections.size()) continue;
    const ElfSection& section = sections[symbol.st_shndx];
    if (symbol.st_value - section.address >= section.size) continue;
    const std::uint64_t to_end = section.size - (symbol.st_value - section.address);
    const std::uint64_t size = symbol.st_size > 0 && symbol.st_size < to_end ? symbol.st_size : to_end;
    symbols_.push_back(
        {symbol.st_value, symbol.st_value + (size - 1), symbol.st_name, ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL});
  }
}

CodeSymbols CodeSymbols::of(const ReadAt& read) {
  CodeSymbols code;
  const auto file = ElfFile::open(read);
  for (unsigned i = 0; file && i < file->section_count(); ++i) {
    const auto table = file->section(i);
    if (!table) break;
    if (table->type != SHT_SYMTAB) continue;
    const auto strings = file->section(table->link);
    if (!strings) break;
    code.names_ = file->contents(*strings);
    if (file->elf_class() == ElfClass::Elf64) {
      code.read<Elf64_Sym>(*file, *table);
    } else {
      code.read<Elf32_Sym>(*file, *table);
    }
    break;  // there is one at most
  }
  const auto rank = [](const Symbol& symbol) { return std::tuple(symbol.start, !symbol.global, symbol.name); };
  std::ranges::sort(code.symbols_, {}, rank);
  const auto [first, last] = std::ranges::unique(code.symbols_, {}, &Symbol::start);
  code.symbols_.erase(first, last);
  return code;
}

std::optional<CodeSymbols::Place> CodeSymbols::at(std::uint64_t address) const {
  const auto after = std::ranges::upper_bound(symbols_, address, {}, &Symbol::start);
  if (after == symbols_.begin()) return std::nullopt;
  const Symbol& symbol = *std::prev(after);
  if (address > symbol.last) return std::nullopt;
  return Place{*string_at(names_, symbol.name), address - symbol.start};
}

}  // namespace gdbvm::symbols
