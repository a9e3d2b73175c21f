// A kernel module's file (.ko): the sections that it has in memory.
#include "vmm/symbols/module_file.h"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string_view>

namespace gdbvm::symbols {

namespace {

template <class T>
std::optional<T> load(std::span<const std::uint8_t> file, std::uint64_t offset) {
  if (offset > file.size() || sizeof(T) > file.size() - offset) return std::nullopt;
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::optional<Elf64_Shdr> section(std::span<const std::uint8_t> file, const Elf64_Ehdr& header, unsigned number) {
  return load<Elf64_Shdr>(file, header.e_shoff + std::uint64_t{number} * sizeof(Elf64_Shdr));
}

}  // namespace

std::expected<std::vector<ModuleSection>, std::string> allocated_sections(std::span<const std::uint8_t> file) {
  const auto header = load<Elf64_Ehdr>(file, 0);
  const bool module = header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
                      header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_type == ET_REL &&
                      header->e_shentsize == sizeof(Elf64_Shdr);
  if (!module) return std::unexpected("it is no 64-bit relocatable ELF file");
  const auto names = section(file, *header, header->e_shstrndx);
  if (!names || names->sh_offset > file.size() || names->sh_size > file.size() - names->sh_offset)
    return std::unexpected("its section names are missing");
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + names->sh_offset, names->sh_size);
  std::vector<ModuleSection> found;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const auto each = section(file, *header, i);
    if (!each) return std::unexpected("it is cut: sections are missing");
    if (!(each->sh_flags & SHF_ALLOC)) continue;
    if (each->sh_name >= text.size()) return std::unexpected("a section's name is missing");
    const std::string_view rest = text.substr(each->sh_name);
    found.push_back({std::string(rest.substr(0, rest.find('\0'))), each->sh_size});
  }
  return found;
}

}  // namespace gdbvm::symbols
