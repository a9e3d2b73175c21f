// 32-bit ELF files with code of either width.
#include "vmm/symbols/code_width.h"

#include <gtest/gtest.h>

#include "tests/unit/boot/elf_maker.h"

namespace gdbvm::symbols {
namespace {

bool is_wide(const std::string& code, std::uint32_t flags = PF_R | PF_X) {
  boot::ElfMaker<boot::MadeElf32> maker(0x1000);
  maker.add(0x1000, 0x1000, code).p_flags = flags;
  const auto bytes = maker.bytes();
  const auto file = ElfFile::open(reader_of(bytes));
  EXPECT_TRUE(file);
  return contains_64_bit_code(*file);
}
std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(CodeWidth, PrefixesInEveryOtherInstructionAre64BitCode) {
  const std::string wide("\x55\x48\x89\xe5\xff\xc0\x48\x8b\x45\xf8\xc9\xc3", 12);
  EXPECT_TRUE(is_wide(repeat(wide, 20)));
  EXPECT_FALSE(is_wide(repeat(wide, 20), PF_R | PF_W));  // data
  EXPECT_FALSE(is_wide(repeat(wide, 2)));                // too little to tell
}

TEST(CodeWidth, AFewDecrementsBeforeMovesAre32BitCode) {
  const std::string narrow("\x55\x89\xe5\x8b\x45\xf8\x83\xc0\x01\xc9\xc3", 11);
  EXPECT_FALSE(is_wide(repeat(narrow, 400)));
  EXPECT_FALSE(is_wide(repeat(repeat(narrow, 20) + "\x48\x89\x45\xf8", 20)));
}

}  // namespace
}  // namespace gdbvm::symbols
