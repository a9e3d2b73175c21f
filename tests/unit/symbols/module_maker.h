// A kernel module's file made by hand: .text with 0x40 bytes, an empty .data, .modinfo, and names.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace gdbvm::symbols {

// Header, section headers, names.
inline std::vector<std::uint8_t> module_file(std::uint16_t type = ET_REL, std::uint32_t second_name = 7) {
  const char names[] = "\0.text\0.data\0.strtab\0.modinfo";
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = type;
  header.e_shoff = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 5;
  header.e_shstrndx = 3;
  Elf64_Shdr sections[5]{};
  sections[1].sh_name = 1;
  sections[1].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
  sections[1].sh_size = 0x40;
  sections[2].sh_name = second_name;
  sections[2].sh_flags = SHF_ALLOC | SHF_WRITE;
  sections[3].sh_name = 13;
  sections[3].sh_offset = sizeof header + sizeof sections;
  sections[3].sh_size = sizeof names;
  sections[4].sh_name = 21;
  sections[4].sh_flags = SHF_ALLOC;
  sections[4].sh_size = 8;
  std::vector<std::uint8_t> bytes(sizeof header + sizeof sections + sizeof names);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, sections, sizeof sections);
  std::memcpy(bytes.data() + sizeof header + sizeof sections, names, sizeof names);
  return bytes;
}

}  // namespace gdbvm::symbols
