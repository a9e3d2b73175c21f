// Both widths of ELF's structures, made into one.
#include "vmm/symbols/elf_file.h"

#include <elf.h>

#include <array>
#include <cstring>

namespace gdbvm::symbols {

namespace {

template <class T>
std::optional<T> load(const ReadAt& read, std::uint64_t offset) {
  T value{};
  if (!read(offset, {reinterpret_cast<std::uint8_t*>(&value), sizeof value})) return std::nullopt;
  return value;
}

template <class Header>
std::optional<ElfSegment> load_segment(const ReadAt& read, std::optional<std::uint64_t> offset) {
  const auto h = offset ? load<Header>(read, *offset) : std::nullopt;
  if (!h) return std::nullopt;
  return ElfSegment{h->p_type, h->p_flags, h->p_offset, h->p_filesz, h->p_vaddr, h->p_paddr, h->p_memsz};
}

template <class Header>
std::optional<ElfSection> load_section(const ReadAt& read, std::optional<std::uint64_t> offset) {
  const auto h = offset ? load<Header>(read, *offset) : std::nullopt;
  if (!h) return std::nullopt;
  return ElfSection{h->sh_name, h->sh_type, h->sh_link, h->sh_flags, h->sh_addr, h->sh_offset, h->sh_size};
}

}  // namespace

ReadAt reader_of(std::span<const std::uint8_t> file) {
  return [file](std::uint64_t offset, std::span<std::uint8_t> out) {
    if (offset > file.size() || out.size() > file.size() - offset) return false;
    if (!out.empty()) std::memcpy(out.data(), file.data() + offset, out.size());
    return true;
  };
}

template <class Header>
std::optional<std::uint64_t> ElfFile::Table::place(unsigned number) const {
  const std::uint64_t distance = std::uint64_t{number} * sizeof(Header);
  if (entry_size != sizeof(Header) || number >= count || distance > UINT64_MAX - start) return std::nullopt;
  return start + distance;
}

template <class Header>
void ElfFile::take(const Header& header) {
  type_ = header.e_type;
  machine_ = header.e_machine;
  names_ = header.e_shstrndx;
  entry_ = header.e_entry;
  segments_ = {header.e_phoff, header.e_phentsize, header.e_phnum};
  sections_ = {header.e_shoff, header.e_shentsize, header.e_shnum};
}

std::expected<ElfFile, std::string> ElfFile::open(ReadAt read) {
  const auto magic = load<std::uint32_t>(read, 0);
  if (!magic || std::memcmp(&*magic, ELFMAG, SELFMAG) != 0) return std::unexpected("is not an ELF");
  const auto start = load<std::array<std::uint8_t, EI_NIDENT>>(read, 0);
  const auto truncated = [] { return std::unexpected("is a truncated ELF: its header is not complete"); };
  if (!start) return truncated();
  if ((*start)[EI_DATA] != ELFDATA2LSB) return std::unexpected("is a big-endian ELF, not one for x86");
  ElfFile file;
  file.class_ = (*start)[EI_CLASS] == ELFCLASS64 ? ElfClass::Elf64 : ElfClass::Elf32;
  if ((*start)[EI_CLASS] == ELFCLASS64) {
    const auto header = load<Elf64_Ehdr>(read, 0);
    if (!header) return truncated();
    file.take(*header);
  } else if ((*start)[EI_CLASS] == ELFCLASS32) {
    const auto header = load<Elf32_Ehdr>(read, 0);
    if (!header) return truncated();
    file.take(*header);
  } else {
    return std::unexpected("is an ELF of unknown class " + std::to_string((*start)[EI_CLASS]));
  }
  file.read_ = std::move(read);
  return file;
}

bool ElfFile::has_usable_segments() const {
  return segments_.entry_size == (class_ == ElfClass::Elf64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
}

std::optional<ElfSegment> ElfFile::segment(unsigned number) const {
  return class_ == ElfClass::Elf64 ? load_segment<Elf64_Phdr>(read_, segments_.place<Elf64_Phdr>(number))
                                   : load_segment<Elf32_Phdr>(read_, segments_.place<Elf32_Phdr>(number));
}

std::optional<ElfSection> ElfFile::section(unsigned number) const {
  return class_ == ElfClass::Elf64 ? load_section<Elf64_Shdr>(read_, sections_.place<Elf64_Shdr>(number))
                                   : load_section<Elf32_Shdr>(read_, sections_.place<Elf32_Shdr>(number));
}

std::vector<std::uint8_t> ElfFile::contents(const ElfSection& section) const {
  constexpr std::uint64_t max_size = 256 << 20;  // bytes; a kernel's symbols are some 10 MB
  std::uint8_t last = 0;
  const bool is_there = section.size > 0 && section.size <= max_size &&
                        read_(section.offset + section.size - 1, {&last, 1});  // before there is memory for all
  std::vector<std::uint8_t> bytes(is_there ? section.size : 0);
  if (!read_(section.offset, bytes)) bytes.clear();
  return bytes;
}

std::optional<std::string_view> string_at(std::span<const std::uint8_t> table, std::uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  const std::string_view rest(reinterpret_cast<const char*>(table.data()) + offset, table.size() - offset);
  return rest.substr(0, rest.find('\0'));
}

}  // namespace gdbvm::symbols
