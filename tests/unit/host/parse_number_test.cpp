// Numbers and sizes, and texts that are neither.
#include "vmm/host/parse_number.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

TEST(ParseNumber, IsDecimalOrHexadecimal) {
  EXPECT_EQ(parse_number("4096"), 4096u);
  EXPECT_EQ(parse_number("0x1000"), 0x1000u);
  EXPECT_EQ(parse_number("0XfFfFfFfFfFfFfFfF"), UINT64_MAX);
  EXPECT_EQ(parse_number("010"), 10u);
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  for (const char* text :
       {"", "0x", "x", "1x", " 1", "1 ", "-1", "+1", "0x-1", "1e3", "18446744073709551616", "0x10000000000000000"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(ParseDigits, AreOfTheBaseAlone) {
  EXPECT_EQ(parse_digits("ffffffff81000000", 16), 0xffffffff81000000u);
  EXPECT_EQ(parse_digits("0x10", 16), std::nullopt);
  EXPECT_EQ(parse_digits("1f", 10), std::nullopt);
}

TEST(ParseSize, HasAUnit) {
  constexpr std::uint64_t mib = 1 << 20, max = std::uint64_t{4} << 40;
  EXPECT_EQ(parse_size("256", mib, max), 256 * mib);
  EXPECT_EQ(parse_size("4k", mib, max), 4096u);
  EXPECT_EQ(parse_size("4T", mib, max), max);
  EXPECT_EQ(parse_size("0", mib, max), 0u);
}

TEST(ParseSize, SaysWhatIsWrong) {
  constexpr std::uint64_t mib = 1 << 20, max = std::uint64_t{4} << 40;
  for (const char* text : {"", "M", "4MB", "-4M", "0x4M", "4 M"}) {
    EXPECT_EQ(parse_size(text, mib, max), std::unexpected(SizeError::NotASize)) << text;
  }
  for (const char* text : {"5T", "4194305", "18446744073709551616", "18446744073709551615T"}) {
    EXPECT_EQ(parse_size(text, mib, max), std::unexpected(SizeError::TooLarge)) << text;
  }
}

}  // namespace
}  // namespace gdbvm
