// Tag words in both directions.
#include "vmm/x86/x87_tags.h"

#include <gtest/gtest.h>

#include <array>

namespace gdbvm::x86 {
namespace {

struct Area {
  std::array<std::uint8_t, 160> bytes{};
  void st(unsigned n, std::uint16_t sign_exponent, std::uint8_t top_byte) {
    bytes[32 + 16 * n + 7] = top_byte;
    bytes[32 + 16 * n + 8] = sign_exponent & 0xff;
    bytes[32 + 16 * n + 9] = static_cast<std::uint8_t>(sign_exponent >> 8);
  }
};

TEST(TagWord, EmptyStackIsAllOnes) { EXPECT_EQ(full_tag_word(Area{}.bytes), 0xffff); }

TEST(TagWord, SaysWhatTheRegistersHold) {
  Area area;
  area.bytes[3] = 5 << 3;    // TOP 5: ST(0) is physical 5
  area.bytes[4] = 0xe0;      // 5, 6, 7 in use
  area.st(0, 0x3fff, 0x80);  // 1.0
  area.st(1, 0x0000, 0x00);  // 0.0
  area.st(2, 0x7fff, 0x80);  // infinity
  EXPECT_EQ(full_tag_word(area.bytes), 0x3ff | 0 << 10 | 1 << 12 | 2 << 14);
}

TEST(TagWord, UnnormalAndDenormalAreSpecial) {
  Area area;
  area.bytes[4] = 0x03;
  area.st(0, 0x3fff, 0x40);
  area.st(1, 0x0000, 0x40);
  EXPECT_EQ(full_tag_word(area.bytes) & 0xf, 0xa);
}

TEST(TagWord, AbridgedKeepsEmptiness) {
  EXPECT_EQ(abridged_tag_word(0xffff), 0);
  EXPECT_EQ(abridged_tag_word(0x0000), 0xff);
  EXPECT_EQ(abridged_tag_word(0x3fff), 0x80);
  EXPECT_EQ(abridged_tag_word(0xfffe), 0x01);
}

}  // namespace
}  // namespace gdbvm::x86
