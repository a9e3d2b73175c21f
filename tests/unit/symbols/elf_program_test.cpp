// Files that are ELF, or claim to be.
#include "vmm/symbols/elf_program.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "vmm/symbols/symbol_file.h"

namespace gdbvm::symbols {
namespace {

struct File {
  Elf64_Ehdr header{};
  std::vector<Elf64_Phdr> segments;

  File() {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 2;
    segments.resize(2);
    segments[0].p_type = PT_NOTE;
    segments[1].p_type = PT_LOAD;
    segments[1].p_vaddr = 0xffffffff81000000;
  }
  std::optional<std::uint64_t> first(std::size_t cut = 0) const {
    std::vector<std::uint8_t> bytes(sizeof header + segments.size() * sizeof(Elf64_Phdr));
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, segments.data(), segments.size() * sizeof(Elf64_Phdr));
    bytes.resize(bytes.size() - cut);
    return first_segment(reader_of(bytes));
  }
};

TEST(ElfProgram, TheFirstSegmentThatIsLoaded) { EXPECT_EQ(File().first(), 0xffffffff81000000); }

TEST(ElfProgram, WhatHasNoneOrIsCutHasNone) {
  EXPECT_FALSE(File().first(1));
  EXPECT_FALSE(File().first(2 * sizeof(Elf64_Phdr) + 1));
  File without;
  without.segments[1].p_type = PT_NOTE;
  EXPECT_FALSE(without.first());
  File narrow;
  narrow.header.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_FALSE(narrow.first());
  File foreign;
  foreign.header.e_ident[0] = 0;
  EXPECT_FALSE(foreign.first());
  File beyond;
  beyond.header.e_phoff = ~std::uint64_t{0} - 8;
  EXPECT_FALSE(beyond.first());
}

TEST(ElfProgram, SymbolsByName) {
  const auto bytes = make_symbol_file({{0xffffffff81000000, 'T', "_text"},
                                       {0xffffffff82000000, 'd', "modules"},
                                       {0xffffffff82000100, 'd', "modules_lock"}});
  constexpr std::array names{"modules", "_text", "nowhere"};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto found = find_symbols(reader_of(std::span(bytes).first(size)), names);
    const std::map<std::string, std::uint64_t, std::less<>> all{{"_text", 0xffffffff81000000},
                                                                {"modules", 0xffffffff82000000}};
    EXPECT_TRUE(found == all || (size < bytes.size() && found.empty())) << size;
  }
}

TEST(ElfProgram, OfSeveralSymbolsTheGlobalOne) {
  const auto bytes = make_symbol_file({{0xffffffff81000000, 't', "twice"},
                                       {0xffffffff81000010, 't', "modules"},
                                       {0xffffffff81000020, 't', "twice"},
                                       {0xffffffff82000000, 'D', "modules"},
                                       {0xffffffff82000010, 'd', "modules"}});
  constexpr std::array names{"modules", "twice"};
  const auto found = find_symbols(reader_of(bytes), names);
  EXPECT_EQ(found.at("modules"), 0xffffffff82000000);
  EXPECT_EQ(found.at("twice"), 0xffffffff81000000);
}

}  // namespace
}  // namespace gdbvm::symbols
