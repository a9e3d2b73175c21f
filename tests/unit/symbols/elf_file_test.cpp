// ELF files of both widths, and invalid tables.
#include "vmm/symbols/elf_file.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

namespace gdbvm::symbols {
namespace {

template <class Header, class Segment, class Section>
std::vector<std::uint8_t> make(std::uint8_t elf_class, std::uint64_t segments_at = sizeof(Header)) {
  Header header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = elf_class;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_entry = 0x1234;
  header.e_phoff = static_cast<decltype(header.e_phoff)>(segments_at);
  header.e_phentsize = sizeof(Segment);
  header.e_phnum = 2;
  header.e_shoff = sizeof(Header) + 2 * sizeof(Segment);
  header.e_shentsize = sizeof(Section);
  header.e_shnum = 1;
  Segment segments[2]{};
  segments[1].p_type = PT_LOAD;
  segments[1].p_offset = 1, segments[1].p_filesz = 2, segments[1].p_memsz = 3;
  segments[1].p_vaddr = 4, segments[1].p_paddr = 5, segments[1].p_flags = 6;
  Section section{};
  section.sh_name = 1, section.sh_type = 2, section.sh_link = 3, section.sh_flags = 4;
  section.sh_addr = 5, section.sh_offset = sizeof header - 1, section.sh_size = 7;
  std::vector<std::uint8_t> bytes(sizeof header + sizeof segments + sizeof section);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, segments, sizeof segments);
  std::memcpy(bytes.data() + sizeof header + sizeof segments, &section, sizeof section);
  return bytes;
}

void expect_all_there(std::span<const std::uint8_t> bytes, ElfClass elf_class) {
  const auto file = ElfFile::open(reader_of(bytes));
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->elf_class(), elf_class);
  EXPECT_EQ(file->entry(), 0x1234u);
  const auto segment = file->segment(1);
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->type, static_cast<std::uint32_t>(PT_LOAD));
  EXPECT_EQ((std::array{segment->offset, segment->file_size, segment->memory_size, segment->linear, segment->physical}),
            (std::array<std::uint64_t, 5>{1, 2, 3, 4, 5}));
  EXPECT_EQ(segment->flags, 6u);
  EXPECT_FALSE(file->segment(2));
  const auto section = file->section(0);
  ASSERT_TRUE(section);
  EXPECT_EQ((std::array<std::uint64_t, 6>{section->name, section->type, section->link, section->flags, section->address,
                                          section->size}),
            (std::array<std::uint64_t, 6>{1, 2, 3, 4, 5, 7}));
  EXPECT_EQ(file->contents(*section).size(), 7u);
  EXPECT_FALSE(file->section(1));
}

TEST(ElfFile, BothWidthsAreReadAlike) {
  expect_all_there(make<Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr>(ELFCLASS64), ElfClass::Elf64);
  expect_all_there(make<Elf32_Ehdr, Elf32_Phdr, Elf32_Shdr>(ELFCLASS32), ElfClass::Elf32);
}

TEST(ElfFile, ATableThatWrapsHasNothingBehindTheWrap) {
  const auto bytes = make<Elf64_Ehdr, Elf64_Phdr, Elf64_Shdr>(ELFCLASS64, ~std::uint64_t{0} - 8);
  const auto file = ElfFile::open(reader_of(bytes));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->segment(0));
  EXPECT_FALSE(file->segment(1));
}

TEST(ElfFile, StringsEndWithTheirTable) {
  constexpr std::uint8_t table[] = {'a', 0, 'b', 'c'};
  EXPECT_EQ(string_at(table, 0), "a");
  EXPECT_EQ(string_at(table, 2), "bc");
  EXPECT_EQ(string_at(table, 4), std::nullopt);
}

}  // namespace
}  // namespace gdbvm::symbols
