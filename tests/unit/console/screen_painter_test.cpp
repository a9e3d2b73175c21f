// What a terminal is sent for the guest's screen: what has changed, in the right colours, and the cursor.
#include "vmm/console/screen_painter.h"

#include <gmock/gmock.h>

namespace gdbvm {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class ScreenPainterTest : public testing::Test {
 protected:
  ScreenPainterTest() {
    screen.columns = 80, screen.rows = 25;
    screen.cells.assign(80 * 25, {' ', 7});
    painter.begin();
  }
  std::string paint() { return painter.paint(screen, terminal); }
  void put(unsigned row, unsigned column, std::string_view text, std::uint8_t attribute = 7) {
    for (const char c : text) screen.cells[row * 80 + column++] = {static_cast<std::uint8_t>(c), attribute};
  }
  static std::size_t count(std::string_view text, std::string_view what) {
    std::size_t times = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; ++at) ++times;
    return times;
  }

  vga::TextScreen screen;
  ScreenPainter::Size terminal{80, 25};
  ScreenPainter painter;
};

TEST_F(ScreenPainterTest, TakesAndGivesBackTheTerminal) {
  EXPECT_EQ(painter.begin(), "\x1b[?1049h\x1b[0m\x1b[2J\x1b[H");
  EXPECT_EQ(painter.end(), "\x1b[0m\x1b[?25h\x1b[?1049l");
}

TEST_F(ScreenPainterTest, AScreenThatDoesNotChangeIsNotSent) {
  EXPECT_NE(paint(), "");
  EXPECT_EQ(paint(), "");
}

TEST_F(ScreenPainterTest, OnlyWhatHasChangedIsSent) {
  paint();
  put(2, 4, "ab");
  EXPECT_EQ(paint(), "\x1b[3;5Hab");
  put(2, 7, "c");
  EXPECT_EQ(paint(), "\x1b[3;8Hc");
}

TEST_F(ScreenPainterTest, ColoursAreTheTerminals) {
  paint();
  put(0, 0, "red", 0x14);
  EXPECT_EQ(paint(), "\x1b[1;1H\x1b[31;44mred");
  put(1, 0, "x", 0xe9);
  EXPECT_EQ(paint(), "\x1b[2;1H\x1b[94;103mx");
  put(1, 1, "y", 0xe9);
  EXPECT_EQ(paint(), "y") << "the colours and the place are those of the cell before";
}

TEST_F(ScreenPainterTest, CharactersAreUtf8) {
  paint();
  put(0, 0, "\xcd");
  EXPECT_EQ(paint(), "\x1b[1;1H\u2550");
}

TEST_F(ScreenPainterTest, EachLineIsBegunAnew) {
  put(0, 79, "a");
  put(1, 0, "b");
  const std::string text = paint();
  EXPECT_THAT(text, HasSubstr("a\x1b[2;1Hb"));
  EXPECT_EQ(count(text, "H"), 25u) << "and nowhere else, but where the screen is erased";
}

TEST_F(ScreenPainterTest, TheCursorIsShownWhereItIs) {
  EXPECT_THAT(paint(), EndsWith("\x1b[?25l"));
  screen.cursor = vga::Position{4, 2};
  EXPECT_EQ(paint(), "\x1b[5;3H\x1b[?25h");
  screen.cursor = vga::Position{4, 3};
  EXPECT_EQ(paint(), "\x1b[5;4H");
  screen.cursor.reset();
  EXPECT_EQ(paint(), "\x1b[?25l");
}

TEST_F(ScreenPainterTest, ASmallTerminalShowsThePartWithTheCursor) {
  put(0, 0, "top");
  put(24, 0, "bottom, to the end");
  terminal = {10, 24};
  std::string text = paint();
  EXPECT_THAT(text, HasSubstr("top"));
  EXPECT_THAT(text, testing::Not(HasSubstr("bottom")));
  screen.cursor = vga::Position{24, 0};
  text = paint();
  EXPECT_THAT(text, HasSubstr("\x1b[24;1Hbottom,\x1b[24;9Hto\x1b[24;1H"));
  EXPECT_THAT(text, StartsWith("\x1b[1;1H   ")) << "the top has scrolled away";
}

TEST_F(ScreenPainterTest, ATerminalThatChangesItsSizeIsDrawnAnew) {
  paint();
  terminal = {40, 25};
  EXPECT_THAT(paint(), StartsWith("\x1b[0m\x1b[2J\x1b[H"));
}

TEST_F(ScreenPainterTest, AGraphicsModeIsSaid) {
  paint();
  EXPECT_THAT(painter.paint(std::nullopt, terminal), HasSubstr("in a graphics mode"));
  EXPECT_EQ(painter.paint(std::nullopt, terminal), "");
  put(0, 0, "text again");
  EXPECT_THAT(paint(), testing::AllOf(StartsWith("\x1b[0m\x1b[2J\x1b[H"), HasSubstr("text again")));
}

}  // namespace
}  // namespace gdbvm
