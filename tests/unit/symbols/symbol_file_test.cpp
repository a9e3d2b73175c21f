// The ELF file made of a list of symbols, read back.
#include "vmm/symbols/symbol_file.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <span>
#include <string>

namespace gdbvm::symbols {
namespace {

struct ReadBack {
  struct Found {
    Elf64_Sym entry;
    std::string section;  // its name; "ABS"
    std::size_t place;    // in the table
  };
  std::map<std::string, Found> symbols;
  std::vector<Elf64_Shdr> sections;
  std::uint32_t locals = 0;

  explicit ReadBack(const std::vector<std::uint8_t>& bytes) {
    const auto* elf = reinterpret_cast<const Elf64_Ehdr*>(bytes.data());
    const auto* headers = reinterpret_cast<const Elf64_Shdr*>(bytes.data() + elf->e_shoff);
    sections.assign(headers, headers + elf->e_shnum);
    const auto text = [&](const Elf64_Shdr& h, std::size_t at) {
      EXPECT_LT(at, h.sh_size);
      return std::string(reinterpret_cast<const char*>(bytes.data() + h.sh_offset + at));
    };
    for (const Elf64_Shdr& h : sections) {
      EXPECT_TRUE(h.sh_type == SHT_NOBITS || h.sh_offset + h.sh_size <= bytes.size());
      if (h.sh_type != SHT_SYMTAB) continue;
      locals = h.sh_info;
      const auto* entries = reinterpret_cast<const Elf64_Sym*>(bytes.data() + h.sh_offset);
      for (std::size_t i = 1; i < h.sh_size / sizeof(Elf64_Sym); ++i) {
        const bool absolute = entries[i].st_shndx == SHN_ABS;
        symbols[text(sections[h.sh_link], entries[i].st_name)] = {
            entries[i], absolute ? "ABS" : text(sections[elf->e_shstrndx], sections[entries[i].st_shndx].sh_name), i};
      }
    }
  }
};

constexpr std::uint64_t base = 0xffffffff81000000;

TEST(SymbolFile, SectionsSpanCodeAndData) {
  const ReadBack file(make_symbol_file({{base, 'T', "_text"},
                                        {base + 0x2000, 'D', "jiffies"},
                                        {base + 0x100, 't', "local"},
                                        {base + 0x5000, 'T', "_sinittext"},
                                        {0x10, 'D', "per_cpu"},
                                        {base, 'T', "stext"}}));
  ASSERT_EQ(file.symbols.size(), 6u);
  EXPECT_EQ(file.symbols.at("_text").section, ".text");
  EXPECT_EQ(file.symbols.at("_text").entry.st_size, 0x100u);
  EXPECT_EQ(file.symbols.at("stext").entry.st_size, 0x100u);
  EXPECT_EQ(file.symbols.at("local").entry.st_size, 0x1f00u);
  EXPECT_EQ(file.symbols.at("jiffies").section, ".data");
  EXPECT_EQ(file.symbols.at("jiffies").entry.st_size, 0x3000u);
  EXPECT_EQ(file.symbols.at("_sinittext").section, ".text1");
  EXPECT_EQ(file.symbols.at("per_cpu").section, "ABS");
  EXPECT_EQ(file.symbols.at("per_cpu").entry.st_value, 0x10u);
  EXPECT_EQ(ELF64_ST_TYPE(file.symbols.at("local").entry.st_info), STT_FUNC);
  EXPECT_EQ(ELF64_ST_TYPE(file.symbols.at("jiffies").entry.st_info), STT_OBJECT);
  EXPECT_LT(file.symbols.at("local").place, file.locals);
  EXPECT_GE(file.symbols.at("_text").place, file.locals);
  std::uint64_t at = base;
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(file.sections[i].sh_addr, at);
    EXPECT_EQ(file.sections[i].sh_flags & SHF_EXECINSTR, i == 2 ? 0u : SHF_EXECINSTR);
    at += file.sections[i].sh_size;
  }
}

TEST(SymbolFile, TheEndOfTheAddressSpaceAndTooManySections) {
  std::vector<Symbol> symbols{{~std::uint64_t{0}, 'T', "last"}};
  for (std::uint64_t i = 0; i < 5000; ++i) symbols.push_back({base + i, i % 2 ? 'T' : 'D', "s"});
  const ReadBack file(make_symbol_file(symbols));
  EXPECT_LE(file.sections.size(), 1004u);
  EXPECT_NE(file.symbols.at("last").section, "ABS");
}

TEST(SymbolFile, NothingButAbsoluteSymbols) {
  const ReadBack file(make_symbol_file({{0x10, 'A', "a"}}));
  EXPECT_EQ(file.symbols.at("a").section, "ABS");
}

TEST(SymbolFile, AnEmptyOneIsJustAHeader) {
  const auto bytes = make_empty_file(0x1000200);
  ASSERT_EQ(bytes.size(), sizeof(Elf64_Ehdr));
  EXPECT_EQ(std::memcmp(bytes.data(), ELFMAG, SELFMAG), 0);
}

}  // namespace
}  // namespace gdbvm::symbols
