// What is asked of an ELF file that debuggers are given as it is.
#include "vmm/symbols/elf_program.h"

#include <elf.h>

#include <cstring>

namespace gdbvm::symbols {

namespace {

template <class T>
std::optional<T> load(const ReadAt& read, std::uint64_t offset) {
  T value{};
  if (!read(offset, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint64_t> first_segment(const ReadAt& read) {
  const auto header = load<Elf64_Ehdr>(read, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr)) return std::nullopt;
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment = load<Elf64_Phdr>(read, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type == PT_LOAD) return segment->p_vaddr;
  }
  return std::nullopt;
}

}  // namespace gdbvm::symbols
