// Any bytes as the file of --symbols. In an ELF file the first segment, two symbols and three places are looked up;
// anything else is a list, which is refused in one line or becomes an ELF file whose sections cover its symbols.
#include <elf.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "vmm/symbols/code_symbols.h"
#include "vmm/symbols/elf_program.h"
#include "vmm/symbols/symbol_file.h"

namespace {

using namespace gdbvm::symbols;
using Bytes = std::span<const std::uint8_t>;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class T>
std::span<const T> table(Bytes file, std::uint64_t offset, std::uint64_t count) {
  require(offset % alignof(T) == 0 && offset <= file.size() && count <= (file.size() - offset) / sizeof(T));
  return {reinterpret_cast<const T*>(file.data() + offset), count};
}

// A name in a string table, terminated by a NUL.
std::string_view name(std::span<const char> names, std::uint32_t at) {
  require(at < names.size() && names.back() == '\0');
  return &names[at];
}

void check_symbol(const Elf64_Sym& symbol, std::span<const Elf64_Shdr> sections) {
  if (symbol.st_shndx == SHN_ABS) return;
  require(symbol.st_shndx > 0 && symbol.st_shndx < sections.size());
  const Elf64_Shdr& section = sections[symbol.st_shndx];
  require(section.sh_type == SHT_NOBITS && symbol.st_value >= section.sh_addr);
  const std::uint64_t from_start = symbol.st_value - section.sh_addr;
  require(from_start <= section.sh_size && symbol.st_size <= section.sh_size - from_start);
}

void check(Bytes file, std::size_t symbols) {
  const Elf64_Ehdr& header = table<Elf64_Ehdr>(file, 0, 1)[0];
  const auto sections = table<Elf64_Shdr>(file, header.e_shoff, header.e_shnum);
  require(header.e_shstrndx < sections.size());
  const Elf64_Shdr* before = nullptr;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type == SHT_NULL) continue;
    if (section.sh_type == SHT_NOBITS) {
      require(section.sh_addr + section.sh_size >= section.sh_addr);
      require(!before || before->sh_addr + before->sh_size == section.sh_addr);
      before = &section;
      continue;
    }
    table<std::uint8_t>(file, section.sh_offset, section.sh_size);
    if (section.sh_type != SHT_SYMTAB) continue;
    const auto entries = table<Elf64_Sym>(file, section.sh_offset, section.sh_size / sizeof(Elf64_Sym));
    require(entries.size() == symbols + 1 && section.sh_info <= entries.size() && section.sh_link < sections.size());
    const auto names = table<char>(file, sections[section.sh_link].sh_offset, sections[section.sh_link].sh_size);
    for (std::size_t i = 1; i < entries.size(); ++i) {
      check_symbol(entries[i], sections);
      require(!name(names, entries[i].st_name).empty());
      require((ELF64_ST_BIND(entries[i].st_info) == STB_LOCAL) == (i < section.sh_info));
    }
  }
  require(first_segment([&](std::uint64_t at, std::span<std::uint8_t> out) {
            const auto bytes = table<std::uint8_t>(file, at, out.size());
            std::memcpy(out.data(), bytes.data(), out.size());
            return true;
          }).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const Bytes input(bytes, size);
  if (size >= SELFMAG && std::memcmp(bytes, ELFMAG, SELFMAG) == 0) {
    const auto read = [&](std::uint64_t at, std::span<std::uint8_t> out) {
      if (at > size || out.size() > size - at) return false;
      std::memcpy(out.data(), bytes + at, out.size());
      return true;
    };
    (void)first_segment(read);
    constexpr std::array wanted{"modules", "a"};
    require(find_symbols(read, wanted).size() <= wanted.size());
    const auto code = CodeSymbols::of(read);
    for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{0x1000}, ~std::uint64_t{0}}) {
      const auto place = code.at(address);
      require(!place || (!place->name.empty() && place->offset <= address));
    }
    return 0;
  }
  auto list = parse_system_map({reinterpret_cast<const char*>(bytes), size});
  if (!list) {
    require(!list.error().empty() && list.error().find('\n') == std::string::npos);
    return 0;
  }
  const std::size_t count = list->size();
  require(count > 0);
  check(make_symbol_file(std::move(*list)), count);
  return 0;
}
