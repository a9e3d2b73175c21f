// Places in code by name, from symbol tables made by hand.
#include "vmm/symbols/code_symbols.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <type_traits>
#include <vector>

namespace gdbvm::symbols {
namespace {

// In an ELF file of its width: sections 1 (code, 0x100 bytes from 0x1000 on) and 2 (data, from 0x2000 on).
template <class Header, class Section, class Symbol>
struct File {
  std::vector<Symbol> symbols{1};
  std::string names = std::string(1, '\0');

  void add(const char* name, std::uint32_t at, std::uint32_t size, unsigned type, unsigned binding, unsigned section) {
    Symbol symbol{};
    symbol.st_name = static_cast<std::uint32_t>(names.size());
    symbol.st_value = at;
    symbol.st_size = size;
    symbol.st_info = static_cast<std::uint8_t>(ELF64_ST_INFO(binding, type));
    symbol.st_shndx = static_cast<std::uint16_t>(section);
    symbols.push_back(symbol);
    names.append(name).push_back('\0');
  }

  std::vector<std::uint8_t> bytes() const {
    Header header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = std::is_same_v<Header, Elf64_Ehdr> ? ELFCLASS64 : ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_shoff = sizeof header;
    header.e_shentsize = sizeof(Section);
    header.e_shnum = 5;
    std::array<Section, 5> sections{};
    sections[1].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
    sections[1].sh_addr = 0x1000;
    sections[1].sh_size = 0x100;
    sections[2].sh_flags = SHF_ALLOC;
    sections[2].sh_addr = 0x2000;
    sections[2].sh_size = 0x100;
    sections[3].sh_type = SHT_SYMTAB;
    sections[3].sh_link = 4;
    sections[3].sh_offset = sizeof header + sizeof sections;
    sections[3].sh_size = static_cast<std::uint32_t>(symbols.size() * sizeof(Symbol));
    sections[4].sh_offset = sections[3].sh_offset + sections[3].sh_size;
    sections[4].sh_size = static_cast<std::uint32_t>(names.size());
    std::vector<std::uint8_t> file;
    const auto put = [&](const void* from, std::size_t size) {
      const auto* bytes = static_cast<const std::uint8_t*>(from);
      file.insert(file.end(), bytes, bytes + size);
    };
    put(&header, sizeof header);
    put(sections.data(), sizeof sections);
    put(symbols.data(), symbols.size() * sizeof(Symbol));
    put(names.data(), names.size());
    return file;
  }

  CodeSymbols read() const {
    const auto file = bytes();
    return CodeSymbols::of(reader_of(file));
  }
};
using File64 = File<Elf64_Ehdr, Elf64_Shdr, Elf64_Sym>;
using File32 = File<Elf32_Ehdr, Elf32_Shdr, Elf32_Sym>;

template <class Made>
class CodeSymbolsOf : public testing::Test {};
using Widths = testing::Types<File32, File64>;
TYPED_TEST_SUITE(CodeSymbolsOf, Widths);

using Place = CodeSymbols::Place;

TYPED_TEST(CodeSymbolsOf, AFunctionEndsAfterItsSize) {
  TypeParam file;
  file.add("f", 0x1010, 0x20, STT_FUNC, STB_GLOBAL, 1);
  const auto code = file.read();
  EXPECT_EQ(code.at(0x100f), std::nullopt);
  EXPECT_EQ(code.at(0x1010), (Place{"f", 0}));
  EXPECT_EQ(code.at(0x102f), (Place{"f", 0x1f}));
  EXPECT_EQ(code.at(0x1030), std::nullopt);
}

TYPED_TEST(CodeSymbolsOf, ALabelWithoutASizeEndsWithItsSection) {
  TypeParam file;
  file.add("later", 0x1080, 0, STT_NOTYPE, STB_LOCAL, 1);
  file.add("start", 0x1000, 0, STT_NOTYPE, STB_LOCAL, 1);
  const auto code = file.read();
  EXPECT_EQ(code.at(0x107f), (Place{"start", 0x7f}));
  EXPECT_EQ(code.at(0x10ff), (Place{"later", 0x7f}));
  EXPECT_EQ(code.at(0x1100), std::nullopt);
}

TYPED_TEST(CodeSymbolsOf, OfSeveralAtOnePlaceTheGlobalOne) {
  TypeParam file;
  file.add("local", 0x1000, 0, STT_NOTYPE, STB_LOCAL, 1);
  file.add("global", 0x1000, 4, STT_FUNC, STB_GLOBAL, 1);
  file.add("other", 0x1000, 4, STT_FUNC, STB_GLOBAL, 1);
  EXPECT_EQ(file.read().at(0x1001), (Place{"global", 1}));
}

TYPED_TEST(CodeSymbolsOf, DataAndWhatIsInNoSectionNameNoCode) {
  TypeParam file;
  file.add("variable", 0x2000, 4, STT_NOTYPE, STB_GLOBAL, 2);
  file.add("object", 0x1000, 4, STT_OBJECT, STB_GLOBAL, 1);
  file.add("absolute", 0x1000, 4, STT_NOTYPE, STB_GLOBAL, SHN_ABS);
  file.add("elsewhere", 0x3000, 4, STT_FUNC, STB_GLOBAL, 1);
  file.add("", 0x1000, 4, STT_FUNC, STB_GLOBAL, 1);
  const auto code = file.read();
  for (const std::uint64_t address : {0x1000, 0x2000, 0x3000}) EXPECT_EQ(code.at(address), std::nullopt) << address;
}

TYPED_TEST(CodeSymbolsOf, ATruncatedFileHasNoneOrThem) {
  TypeParam file;
  file.add("f", 0x1000, 4, STT_FUNC, STB_GLOBAL, 1);
  const auto bytes = file.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(CodeSymbols::of(reader_of(std::span(bytes).first(size))).at(0x1000), std::nullopt) << size;
}

TEST(CodeSymbols, AreNoneWithoutAFile) { EXPECT_EQ(CodeSymbols().at(0x1000), std::nullopt); }

}  // namespace
}  // namespace gdbvm::symbols
