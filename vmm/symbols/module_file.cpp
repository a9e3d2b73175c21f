// The sections of a kernel module's file.
#include "vmm/symbols/module_file.h"

#include <elf.h>

#include "vmm/symbols/elf_file.h"

namespace gdbvm::symbols {

std::expected<std::vector<ModuleSection>, std::string> allocated_sections(std::span<const std::uint8_t> bytes) {
  const auto file = ElfFile::open(reader_of(bytes));
  if (!file || file->elf_class() != ElfClass::Elf64 || file->type() != ET_REL) {
    return std::unexpected("it is not a 64-bit relocatable ELF file");
  }
  const auto names = file->section_names();
  const auto all_names = names ? file->contents(*names) : std::vector<std::uint8_t>{};
  if (all_names.empty()) return std::unexpected("its section names are missing");
  std::vector<ModuleSection> found;
  for (unsigned i = 0; i < file->section_count(); ++i) {
    const auto section = file->section(i);
    if (!section) return std::unexpected("it is truncated: sections are missing");
    if (!(section->flags & SHF_ALLOC)) continue;
    const auto name = string_at(all_names, section->name);
    if (!name) return std::unexpected("a section's name is missing");
    found.push_back({std::string(*name), section->size});
  }
  return found;
}

}  // namespace gdbvm::symbols
