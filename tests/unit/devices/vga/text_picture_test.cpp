// Characters, colours, the cursor and what blinks, dot by dot.
#include "vmm/devices/vga/text_picture.h"

#include <gtest/gtest.h>

#include <string>

#include "vmm/devices/vga/font.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm::vga {
namespace {

constexpr Colour black{0, 0, 0}, grey{0xaa, 0xaa, 0xaa}, blue{0, 0, 0xaa}, yellow{0xff, 0xff, 0x55},
    dark_grey{0x55, 0x55, 0x55};

class TextPictureTest : public testing::Test {
 protected:
  TextPictureTest() { registers.crtc[crtc::cursor_start] |= 0x20; }
  void put(unsigned column, std::uint8_t character, std::uint8_t attribute) {
    const std::uint8_t cell[] = {character, attribute};
    ASSERT_TRUE(memory.write({0xb8000 + 2 * column}, cell));
  }
  Picture picture(Blink blink = {}) const {
    return draw_text(read_text(registers, memory).value(), registers, memory, blink);
  }
  // A line of a character in the first row: # is the ink, . the background.
  static std::string line(const Picture& picture, unsigned column, unsigned line, Colour ink, unsigned width = 9) {
    std::string dots;
    for (unsigned i = 0; i < width; ++i) dots += picture.at(line, column * width + i) == ink ? '#' : '.';
    return dots;
  }

  GuestMemory memory{1 << 20};
  Registers registers = text_mode();
};

TEST_F(TextPictureTest, IsAsLargeAsAVgas) {
  const Picture shown = picture();
  EXPECT_EQ(shown.width, 720u);
  EXPECT_EQ(shown.height, 400u);
  EXPECT_EQ(shown, Picture(720, 400));
  registers.sequencer[sequencer::clocking] = 1;
  EXPECT_EQ(picture().width, 640u);
}

TEST_F(TextPictureTest, HasAFontOfItsOwn) {
  put(1, 'A', 0x07);
  const Picture shown = picture();
  EXPECT_EQ(line(shown, 1, 1, grey), ".........");
  EXPECT_EQ(line(shown, 1, 2, grey), "...#.....");
  EXPECT_EQ(line(shown, 1, 7, grey), "#######..");
  EXPECT_EQ(line(shown, 1, 11, grey), "##...##..");
  EXPECT_EQ(line(shown, 0, 7, grey), ".........");
}

TEST_F(TextPictureTest, LinesReachTheNextCharacter) {
  put(0, 0xcd, 0x07);  // a double line
  put(1, 0xb0, 0x07);  // shades, of which no dots are joined
  put(2, 0xb2, 0x07);
  EXPECT_EQ(line(picture(), 0, 5, grey), "#########");
  EXPECT_EQ(line(picture(), 2, 0, grey).back(), '.');
  registers.attribute[attribute::mode] &= static_cast<std::uint8_t>(~4);
  EXPECT_EQ(line(picture(), 0, 5, grey), "########.");
}

TEST_F(TextPictureTest, ColoursAreThePalettes) {
  put(0, 0xdb, 0x1e);
  const Picture shown = picture();
  EXPECT_EQ(shown.at(0, 0), yellow);
  put(0, ' ', 0x1e);
  EXPECT_EQ(picture().at(0, 0), blue);
  registers.attribute[1] = 63;
  registers.palette[3 * 63] = 1;
  registers.palette[3 * 63 + 1] = 32;
  registers.palette[3 * 63 + 2] = 63;
  EXPECT_EQ(picture().at(0, 0), (Colour{4, 130, 255}));
}

TEST_F(TextPictureTest, TheAttributeControllerMayChooseOtherColoursOfTheDac) {
  put(0, ' ', 0x10);
  registers.attribute[1] = 0x35;
  registers.attribute[attribute::colour_select] = 0x0e;
  registers.palette[3 * 0xf5] = 63;
  EXPECT_EQ(picture().at(0, 0), (Colour{255, 0, 0}));
  registers.attribute[attribute::mode] |= 0x80;
  registers.palette[3 * 0xe5 + 1] = 63;
  EXPECT_EQ(picture().at(0, 0), (Colour{0, 255, 0}));
}

TEST_F(TextPictureTest, CharactersBlinkOrAreOnABrightBackground) {
  put(0, 'A', 0x87);
  EXPECT_EQ(line(picture(), 0, 7, grey), "#######..");
  EXPECT_EQ(line(picture({.characters = false}), 0, 7, black), "#########");
  registers.attribute[attribute::mode] &= static_cast<std::uint8_t>(~8);
  EXPECT_EQ(line(picture({.characters = false}), 0, 7, dark_grey), ".......##");
}

TEST_F(TextPictureTest, TheCursorIsLines) {
  registers.crtc[crtc::cursor_start] = 13;
  registers.crtc[crtc::cursor_low] = 1;
  put(1, 'A', 0x1e);
  const Picture shown = picture();
  EXPECT_EQ(line(shown, 1, 12, yellow), ".........");
  EXPECT_EQ(line(shown, 1, 13, yellow), "#########");
  EXPECT_EQ(line(shown, 1, 14, yellow), "#########");
  EXPECT_EQ(line(shown, 1, 15, yellow), ".........");
  EXPECT_EQ(line(picture({.cursor = false}), 1, 13, yellow), ".........");
}

TEST_F(TextPictureTest, TheFontIsTheOneThatWasLoaded) {
  const std::uint8_t bar = 0x81;
  ASSERT_TRUE(memory.write({0xa0000 + 32 * 'A' + 3}, {&bar, 1}));
  put(0, 'A', 0x07);
  EXPECT_EQ(line(picture(), 0, 3, grey), "#......#.");
  EXPECT_EQ(line(picture(), 0, 7, grey), ".........");
}

TEST_F(TextPictureTest, TwoFontsAreTwiceAsManyCharacters) {
  const std::uint8_t bar = 0x81, other = 0x42;
  ASSERT_TRUE(memory.write({0xa0000 + 32 * 'A'}, {&bar, 1}));
  ASSERT_TRUE(memory.write({0xa0000 + 0x4000 + 32 * 'A'}, {&other, 1}));
  put(0, 'A', 0x07);
  put(1, 'A', 0x0f);
  registers.sequencer[sequencer::character_map] = 0x04;  // bright characters have the second font
  const Picture shown = picture();
  EXPECT_EQ(line(shown, 0, 0, grey), "#......#.");
  EXPECT_EQ(line(shown, 1, 0, {0xff, 0xff, 0xff}), ".#....#..");
}

TEST_F(TextPictureTest, AnyRegistersAreSomePicture) {
  registers.crtc.fill(0xff);
  registers.crtc[crtc::cursor_start] = 0;
  const Picture most = picture();
  EXPECT_LE(most.pixels.size(), 256u * 9 * 1024);
  registers.crtc.fill(0);
  EXPECT_EQ(picture().width, 9u);
}

}  // namespace
}  // namespace gdbvm::vga
