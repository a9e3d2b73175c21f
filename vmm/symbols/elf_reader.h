// The headers and sections of a 64-bit ELF file, wherever its bytes come from. They may be any.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "vmm/symbols/elf_program.h"

namespace gdbvm::symbols {

template <class T>
std::optional<T> load(const ReadAt& read, std::uint64_t offset) {
  T value{};
  if (!read(offset, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

// nullopt: it is no 64-bit ELF file.
inline std::optional<Elf64_Ehdr> header_of(const ReadAt& read) {
  const auto header = load<Elf64_Ehdr>(read, 0);
  const bool fits =
      header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64;
  return fits ? header : std::nullopt;
}

// nullopt: there is none of that number.
inline std::optional<Elf64_Shdr> section_of(const ReadAt& read, const Elf64_Ehdr& header, unsigned number) {
  if (header.e_shentsize != sizeof(Elf64_Shdr) || number >= header.e_shnum) return std::nullopt;
  return load<Elf64_Shdr>(read, header.e_shoff + number * sizeof(Elf64_Shdr));
}

// A whole section; empty where it cannot be read.
inline std::vector<std::uint8_t> contents(const ReadAt& read, const Elf64_Shdr& section) {
  constexpr std::uint64_t most = 256 << 20;  // bytes; a kernel's symbols are some 10 MB
  std::uint8_t last = 0;
  const bool there = section.sh_size > 0 && section.sh_size <= most &&
                     read(section.sh_offset + section.sh_size - 1, {&last, 1});  // before there is memory for all
  std::vector<std::uint8_t> bytes(there ? section.sh_size : 0);
  if (!read(section.sh_offset, bytes)) bytes.clear();
  return bytes;
}

}  // namespace gdbvm::symbols
