// A kernel module's file (.ko): the sections that it has in memory.
#include "vmm/symbols/module_file.h"

#include <string_view>

#include "vmm/symbols/elf_reader.h"

namespace gdbvm::symbols {

std::expected<std::vector<ModuleSection>, std::string> allocated_sections(std::span<const std::uint8_t> file) {
  const auto read = [file](std::uint64_t offset, std::span<std::uint8_t> out) {
    if (offset > file.size() || out.size() > file.size() - offset) return false;
    if (!out.empty()) std::memcpy(out.data(), file.data() + offset, out.size());
    return true;
  };
  const auto header = header_of(read);
  if (!header || header->e_type != ET_REL || header->e_shentsize != sizeof(Elf64_Shdr)) {
    return std::unexpected("it is no 64-bit relocatable ELF file");
  }
  const auto names = section_of(read, *header, header->e_shstrndx);
  const auto all_names = names ? contents(read, *names) : std::vector<std::uint8_t>{};
  if (all_names.empty()) return std::unexpected("its section names are missing");
  const std::string_view text(reinterpret_cast<const char*>(all_names.data()), all_names.size());
  std::vector<ModuleSection> found;
  for (unsigned i = 0; i < header->e_shnum; ++i) {
    const auto each = section_of(read, *header, i);
    if (!each) return std::unexpected("it is cut: sections are missing");
    if (!(each->sh_flags & SHF_ALLOC)) continue;
    if (each->sh_name >= text.size()) return std::unexpected("a section's name is missing");
    const std::string_view rest = text.substr(each->sh_name);
    found.push_back({std::string(rest.substr(0, rest.find('\0'))), each->sh_size});
  }
  return found;
}

}  // namespace gdbvm::symbols
