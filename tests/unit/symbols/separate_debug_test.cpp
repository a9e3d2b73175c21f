// What an ELF file says about the file with its symbols, and invalid ways to say it.
#include "vmm/symbols/separate_debug.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

namespace gdbvm::symbols {
namespace {

// One section with that name and these contents.
std::vector<std::uint8_t> elf_with(const std::string& name, const std::string& contents) {
  const std::string names = '\0' + name + '\0';
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_shoff = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 2;
  header.e_shstrndx = 0;
  Elf64_Shdr sections[2]{};
  sections[0].sh_type = SHT_STRTAB;
  sections[0].sh_offset = sizeof header + sizeof sections;
  sections[0].sh_size = names.size();
  sections[1].sh_name = 1;
  sections[1].sh_type = SHT_PROGBITS;
  sections[1].sh_offset = sections[0].sh_offset + names.size();
  sections[1].sh_size = contents.size();
  std::vector<std::uint8_t> bytes(sizeof header + sizeof sections);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, sections, sizeof sections);
  bytes.insert(bytes.end(), names.begin(), names.end());
  bytes.insert(bytes.end(), contents.begin(), contents.end());
  return bytes;
}
std::optional<DebugLink> link_of(const std::string& contents) {
  const auto bytes = elf_with(".gnu_debuglink", contents);
  return debug_link(*ElfFile::open(reader_of(bytes)));
}
std::vector<std::uint8_t> id_of(const std::string& contents) {
  const auto bytes = elf_with(".note.gnu.build-id", contents);
  return build_id(*ElfFile::open(reader_of(bytes)));
}

TEST(SeparateDebug, ALinkIsANameAndAChecksum) {
  const auto link = link_of(std::string("k.debug\0\x26\x39\xf4\xcb", 12));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->name, "k.debug");
  EXPECT_EQ(link->crc, 0xcbf43926u);
}

TEST(SeparateDebug, ALinkStaysInItsFolder) {
  EXPECT_FALSE(link_of(std::string("../a\0\0\0\0\1\2\3\4", 12)));
  EXPECT_FALSE(link_of(std::string("\0\0\0\0\1\2\3\4", 8)));
  EXPECT_FALSE(link_of("no end"));
  EXPECT_FALSE(link_of(std::string("cut\0\1\2", 6)));
}

TEST(SeparateDebug, TheChecksumIsZips) {
  const std::string text = "123456789";
  EXPECT_EQ(debug_link_crc({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}), 0xcbf43926u);
}

TEST(SeparateDebug, ABuildIdIsANote) {
  const std::string head("\4\0\0\0\3\0\0\0\3\0\0\0GNU\0", 16);
  EXPECT_EQ(id_of(head + "\xab\xcd\xef"), (std::vector<std::uint8_t>{0xab, 0xcd, 0xef}));
  EXPECT_TRUE(id_of(head + "\xab").empty());
  EXPECT_TRUE(id_of(head.substr(0, 8)).empty());
}

}  // namespace
}  // namespace gdbvm::symbols
