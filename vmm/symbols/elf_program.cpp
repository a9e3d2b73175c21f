// Segments and symbols of 64-bit ELF files.
#include "vmm/symbols/elf_program.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace gdbvm::symbols {

namespace {

std::optional<ElfFile> open_64_bit(const ReadAt& read) {
  auto file = ElfFile::open(read);
  if (!file || file->elf_class() != ElfClass::Elf64) return std::nullopt;
  return std::move(*file);
}

// There is one symbol table at most.
std::optional<ElfSection> symbol_table(const ElfFile& file) {
  for (unsigned i = 0; i < file.section_count(); ++i) {
    const auto section = file.section(i);
    if (!section || section->type == SHT_SYMTAB) return section;
  }
  return std::nullopt;
}

}  // namespace

bool is_64_bit_elf(const ReadAt& read) { return open_64_bit(read).has_value(); }

std::optional<std::uint64_t> first_segment(const ReadAt& read) {
  const auto file = open_64_bit(read);
  for (unsigned i = 0; file && i < file->segment_count(); ++i) {
    const auto segment = file->segment(i);
    if (!segment) return std::nullopt;
    if (segment->type == PT_LOAD) return segment->linear;
  }
  return std::nullopt;
}

std::map<std::string, std::uint64_t, std::less<>> find_symbols(const ReadAt& read, std::span<const char* const> names) {
  std::map<std::string, std::uint64_t, std::less<>> found;
  const auto file = open_64_bit(read);
  const auto table = file ? symbol_table(*file) : std::nullopt;
  const auto strings = table ? file->section(table->link) : std::nullopt;
  if (!strings) return found;
  const auto symbols = file->contents(*table), all_names = file->contents(*strings);
  for (std::size_t at = 0; symbols.size() - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
    Elf64_Sym symbol;
    std::memcpy(&symbol, &symbols[at], sizeof symbol);
    const auto name = string_at(all_names, symbol.st_name);
    if (!name || std::ranges::find(names, *name) == names.end()) continue;
    const auto [place, is_new] = found.emplace(*name, symbol.st_value);
    if (!is_new && ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL) place->second = symbol.st_value;
  }
  return found;
}

}  // namespace gdbvm::symbols
