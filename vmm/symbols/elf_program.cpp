// What is asked of an ELF file that debuggers are given as it is.
#include "vmm/symbols/elf_program.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "vmm/symbols/elf_reader.h"

namespace gdbvm::symbols {

bool is_64_bit_elf(const ReadAt& read) { return header_of(read).has_value(); }

std::optional<std::uint64_t> first_segment(const ReadAt& read) {
  const auto header = header_of(read);
  if (!header || header->e_phentsize != sizeof(Elf64_Phdr)) return std::nullopt;
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment = load<Elf64_Phdr>(read, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type == PT_LOAD) return segment->p_vaddr;
  }
  return std::nullopt;
}

std::map<std::string, std::uint64_t, std::less<>> find_symbols(const ReadAt& read, std::span<const char* const> names) {
  const auto header = header_of(read);
  std::map<std::string, std::uint64_t, std::less<>> found;
  for (unsigned i = 0; header && i < header->e_shnum; ++i) {
    const auto section = section_of(read, *header, i);
    if (!section) break;
    if (section->sh_type != SHT_SYMTAB) continue;
    const auto strings = section_of(read, *header, section->sh_link);
    if (!strings) break;
    const auto symbols = contents(read, *section), text = contents(read, *strings);
    const std::string_view all_names(reinterpret_cast<const char*>(text.data()), text.size());
    for (std::size_t at = 0; symbols.size() - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      std::memcpy(&symbol, &symbols[at], sizeof symbol);
      if (symbol.st_name >= all_names.size()) continue;
      const std::string_view rest = all_names.substr(symbol.st_name), name = rest.substr(0, rest.find('\0'));
      if (std::ranges::find(names, name) == names.end()) continue;
      const auto [place, is_new] = found.emplace(name, symbol.st_value);
      if (!is_new && ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL) place->second = symbol.st_value;
    }
    break;  // there is one symbol table at most
  }
  return found;
}

}  // namespace gdbvm::symbols
