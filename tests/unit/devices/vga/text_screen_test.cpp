// The text on a VGA's screen: its place in memory, its size, the cursor and the characters.
#include "vmm/devices/vga/text_screen.h"

#include <gtest/gtest.h>

#include <string_view>

#include "vmm/memory/guest_memory.h"

namespace gdbvm::vga {
namespace {

class TextScreenTest : public testing::Test {
 protected:
  static constexpr std::uint64_t text_memory = 0xb8000;

  void put(unsigned row, unsigned column, std::string_view text, std::uint8_t attribute = 7, unsigned pitch = 80) {
    put_at(text_memory + 2 * (row * pitch + column), text, attribute);
  }
  void put_at(std::uint64_t address, std::string_view text, std::uint8_t attribute = 7) {
    for (const char c : text) {
      const std::uint8_t cell[] = {static_cast<std::uint8_t>(c), attribute};
      ASSERT_TRUE(memory.write({address}, cell));
      address += 2;
    }
  }
  TextScreen screen() { return read_text(registers, memory).value(); }
  void set_word(unsigned high, unsigned value) {
    registers.crtc[high] = static_cast<std::uint8_t>(value >> 8);
    registers.crtc[high + 1] = static_cast<std::uint8_t>(value);
  }

  GuestMemory memory{1 << 20};
  Registers registers = text_mode();
};

TEST_F(TextScreenTest, CellsAreWhereTheyWereWritten) {
  put(2, 3, "x", 0x1e);
  const TextScreen shown = screen();
  EXPECT_EQ(shown.columns, 80u);
  EXPECT_EQ(shown.rows, 25u);
  ASSERT_EQ(shown.cells.size(), 80u * 25);
  EXPECT_EQ(shown.cells[2 * 80 + 3], (Cell{'x', 0x1e}));
}

TEST_F(TextScreenTest, BlanksAtTheEndAreCut) {
  EXPECT_EQ(text_of(screen()), "");
  put(0, 1, "one  ");
  put(2, 0, std::string_view("two\0\0\xff", 6));
  put(24, 79, " ");
  EXPECT_EQ(text_of(screen()), " one\n\ntwo\n");
  put(24, 79, "!");
  EXPECT_TRUE(text_of(screen()).ends_with("!\n"));
}

TEST_F(TextScreenTest, CharactersAreThoseOfThePc) {
  put(0, 0, "\x01\xc9\xcd\xbb\x84\xe1\xdb");
  EXPECT_EQ(text_of(screen()), "\u263a\u2554\u2550\u2557\u00e4\u00df\u2588\n");
}

TEST_F(TextScreenTest, ItScrollsByItsStartAddress) {
  put(0, 0, "gone");
  put(1, 0, "first");
  set_word(crtc::start_high, 80);
  EXPECT_EQ(text_of(screen()), "first\n");
}

TEST_F(TextScreenTest, MemoryWrapsAround) {
  put(0, 0, "wrapped");
  set_word(crtc::start_high, 0x4000 - 80);
  EXPECT_EQ(text_of(screen()), "\nwrapped\n");
}

TEST_F(TextScreenTest, FortyColumnsAndFiftyRows) {
  registers.crtc[crtc::columns] = 39;
  registers.crtc[crtc::pitch] = 20;
  registers.crtc[crtc::row_height] = 0x47;  // 8 lines
  put(49, 39, "z", 7, 40);
  const TextScreen shown = screen();
  EXPECT_EQ(shown.columns, 40u);
  EXPECT_EQ(shown.rows, 50u);
  EXPECT_EQ(shown.cells.back().character, 'z');
}

TEST_F(TextScreenTest, TheMonochromeDisplaysMemoryLiesLower) {
  registers.graphics[graphics::miscellaneous] = 0x0a;
  put_at(0xb0000, "mono");
  EXPECT_EQ(text_of(screen()), "mono\n");
}

TEST_F(TextScreenTest, TheCursor) {
  EXPECT_EQ(screen().cursor, (Position{0, 0}));
  set_word(crtc::start_high, 80);
  set_word(crtc::cursor_high, 80 + 3 * 80 + 5);
  EXPECT_EQ(screen().cursor, (Position{3, 5}));
  set_word(crtc::cursor_high, 79);
  EXPECT_FALSE(screen().cursor) << "above the screen";
  set_word(crtc::cursor_high, 80 + 25 * 80);
  EXPECT_FALSE(screen().cursor) << "below it";
  set_word(crtc::cursor_high, 80);
  registers.crtc[crtc::cursor_start] |= 0x20;
  EXPECT_FALSE(screen().cursor) << "switched off";
  registers.crtc[crtc::cursor_start] = 15;
  EXPECT_FALSE(screen().cursor) << "it ends before it begins";
}

TEST_F(TextScreenTest, GraphicsModesHaveNoText) {
  registers.graphics[graphics::miscellaneous] = 0x05;
  EXPECT_FALSE(read_text(registers, memory));
}

TEST_F(TextScreenTest, AnyRegistersAreSomeScreen) {
  registers.crtc.fill(0xff);
  EXPECT_LE(screen().cells.size(), 256u * 128);
  registers.crtc.fill(0);
  EXPECT_EQ(screen().columns, 1u);
  EXPECT_FALSE(screen().cursor);
}

TEST(TextScreen, AGuestMayHaveLessMemory) {
  GuestMemory small{4096};
  EXPECT_EQ(text_of(*read_text(text_mode(), small)), "");
}

}  // namespace
}  // namespace gdbvm::vga
