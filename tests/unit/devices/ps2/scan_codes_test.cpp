// Scan codes of both sets, and the translation between them.
#include "vmm/devices/ps2/scan_codes.h"

#include <gmock/gmock.h>

namespace gdbvm::ps2 {
namespace {

using enum Stroke;
using testing::ElementsAre;
using testing::IsEmpty;
constexpr auto one = ScanCodeSet::One, two = ScanCodeSet::Two;

TEST(ScanCodes, OfAPlainKey) {
  EXPECT_THAT(scan_codes({0x1e}, Press, one), ElementsAre(0x1e));
  EXPECT_THAT(scan_codes({0x1e}, Release, one), ElementsAre(0x9e));
  EXPECT_THAT(scan_codes({0x1e}, Press, two), ElementsAre(0x1c));
  EXPECT_THAT(scan_codes({0x1e}, Release, two), ElementsAre(0xf0, 0x1c));
}

TEST(ScanCodes, OfAKeyWithAPrefix) {
  EXPECT_THAT(scan_codes({0xe053}, Release, one), ElementsAre(0xe0, 0xd3));
  EXPECT_THAT(scan_codes({0xe053}, Press, two), ElementsAre(0xe0, 0x71));
  EXPECT_THAT(scan_codes({0xe053}, Release, two), ElementsAre(0xe0, 0xf0, 0x71));
}

TEST(ScanCodes, TwoKeysAreBeyondTheTable) {
  EXPECT_THAT(scan_codes({0x41}, Press, two), ElementsAre(0x83));  // F7
  EXPECT_THAT(scan_codes({0x54}, Press, two), ElementsAre(0x84));  // SysRq
}

TEST(ScanCodes, OfPrintScreenAndPause) {
  EXPECT_THAT(scan_codes(print_screen, Press, two), ElementsAre(0xe0, 0x12, 0xe0, 0x7c));
  EXPECT_THAT(scan_codes(print_screen, Release, two), ElementsAre(0xe0, 0xf0, 0x7c, 0xe0, 0xf0, 0x12));
  EXPECT_THAT(scan_codes(pause, Press, one), ElementsAre(0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5));
  EXPECT_THAT(scan_codes(pause, Press, two), ElementsAre(0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77));
  EXPECT_THAT(scan_codes(pause, Release, two), IsEmpty());
}

TEST(ScanCodes, TranslationUndoesSetTwo) {
  for (std::uint16_t code = 1; code < 0x60; ++code) {
    EXPECT_EQ(translated(scan_codes({code}, Press, two).back()), code);
  }
  EXPECT_EQ(translated(0x00), 0xff);  // overrun
  EXPECT_EQ(translated(0xe0), 0xe0);
  EXPECT_EQ(translated(0xfa), 0xfa);
}

}  // namespace
}  // namespace gdbvm::ps2
