// Lists of symbols, valid and hostile.
#include "vmm/symbols/system_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm::symbols {
namespace {

using testing::HasSubstr;

TEST(SystemMap, AnAddressALetterAndANameToALine) {
  const auto found = parse_system_map("ffffffff81000000 T _text\n\nffffffff82a05b80 D jiffies\r\n0 A per_cpu_start");
  ASSERT_TRUE(found) << found.error();
  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ((*found)[0].address, 0xffffffff81000000);
  EXPECT_EQ((*found)[0].kind, 'T');
  EXPECT_EQ((*found)[0].name, "_text");
  EXPECT_EQ((*found)[1].name, "jiffies");
  EXPECT_EQ((*found)[2].name, "per_cpu_start");
}

TEST(SystemMap, ModulesAreLeftOut) {
  const auto found = parse_system_map("ffffffff81000000 T _text\nffffffffc0000000 t init\t[kvm]\n");
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(found->size(), 1u);
}

TEST(SystemMap, SaysWhatIsWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "no symbols"},
      {"\n \n", "no symbols"},
      // What Debian ships as /boot/System.map.
      {"ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package",
       "line 1 is not a symbol: 'fff"},
      {"ffffffff81000000 T _text\nffffffff81000000 T\n", "line 2 is not a symbol"},
      {"1ffffffff81000000 T _text\n", "line 1"},
      {"-1 T _text\n", "line 1"},
      {"0x10 T _text\n", "line 1"},
      {"1000000 TT _text\n", "line 1"},
      {"1000000 7 _text\n", "line 1"},
      {"1000000 T _text [m] more\n", "line 1"},
      {std::string("10 T a\n\0\x80\n", 11), "line 2 is not a symbol: '?"},
      {std::string("10 T a\0b\n", 9), "line 1 is not a symbol: '10 T a?b"},
      {"0 T _text\n0 T start_kernel\n", "addresses are zero"},
      {std::string(100000, 'f'), "line 1"},
  };
  for (const auto& [text, complaint] : cases) {
    const auto found = parse_system_map(text);
    ASSERT_FALSE(found) << text.substr(0, 100);
    EXPECT_THAT(found.error(), HasSubstr(complaint));
    EXPECT_LT(found.error().size(), 200u);
    EXPECT_EQ(found.error().find('\n'), std::string::npos);
  }
}

TEST(SystemMap, PerCpuOffsetsAndAbsoluteSymbolsStay) {
  EXPECT_TRUE(slides_with_kernel({0xffffffff81000000, 'T', "_text"}));
  EXPECT_FALSE(slides_with_kernel({0x1f440, 'D', "current_task"}));
  EXPECT_FALSE(slides_with_kernel({0xffffffff81000000, 'A', "phys_startup"}));
}

}  // namespace
}  // namespace gdbvm::symbols
