// Keys on the terminal: what reaches the guest, the prompt and gdbvm itself.
#include "vmm/console/terminal.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <utility>

namespace gdbvm {
namespace {

using testing::HasSubstr;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct TerminalTest : testing::Test {
  std::string guest, shown, keyboard;
  std::vector<bool> screens;  // shown or not
  std::vector<std::string> commands;
  bool reads = true, quitted = false;
  int pieces = 0;              // that are left of "long"
  std::function<void()> next;  // what is to be called later
  Terminal terminal{
      {.to_guest =
           [this](std::span<const std::uint8_t> bytes) {
             guest.append(bytes.begin(), bytes.end());
             return reads;
           },
       .show_screen = [this](bool on) { screens.push_back(on); },
       .to_keyboard = [this](std::span<const std::uint8_t> bytes) { keyboard.append(bytes.begin(), bytes.end()); },
       .run_command = [this](std::string_view line, const Terminal::Print& print) -> Terminal::Rest {
         commands.emplace_back(line);
         if (line == "long") return long_command();
         print("done\n");
         return {};
       },
       .later =
           [this](std::function<void()> then) {
             EXPECT_FALSE(next);
             next = std::move(then);
           },
       .quit = [this] { quitted = true; },
       .print = [this](std::string_view text) { shown += text; }}};
  bool type(std::string_view keys) { return terminal.feed(bytes_of(keys)); }

  Terminal::Rest long_command() {
    pieces = 100;
    return [this](const Terminal::Print& print) {
      print(fmt::format("{} ", --pieces));
      return pieces > 0;
    };
  }
  void proceed(int times = 1) {
    for (int i = 0; i < times && next; ++i) std::exchange(next, nullptr)();
  }
};

TEST_F(TerminalTest, TheGuestGetsWhatIsTyped) {
  EXPECT_TRUE(type("abc\x03\r\x1a"));
  EXPECT_EQ(guest, "abc\x03\r\x1a");
  EXPECT_EQ(shown, "");
}

TEST_F(TerminalTest, CtrlACommandsAlsoInTwoPieces) {
  type("a\x01");
  type("xb");
  EXPECT_TRUE(quitted);
  EXPECT_EQ(guest, "ab");
  type("\x01h");
  EXPECT_THAT(shown, HasSubstr("Ctrl-A x"));
}

TEST_F(TerminalTest, CtrlAForTheGuest) {
  type("\x01\x01");
  EXPECT_EQ(guest, "\x01");
  guest.clear();
  type(
      "\x01"
      "foo");  // to the start of the line, and a word there
  EXPECT_EQ(guest,
            "\x01"
            "foo");
}

TEST_F(TerminalTest, TheScreenAndBack) {
  type("a\x01sbc\x03\x01sd");
  EXPECT_EQ(guest, "ad");
  EXPECT_EQ(keyboard, "bc\x03");
  EXPECT_EQ(screens, (std::vector{true, false}));
  EXPECT_EQ(shown, "");
}

TEST_F(TerminalTest, ThePromptIsNotOnTheScreen) {
  type(
      "\x01s\x01"
      "cexits\r");
  EXPECT_EQ(screens, (std::vector{true, false}));
  EXPECT_EQ(commands, std::vector<std::string>{"exits"});
  type("\x01sx");
  EXPECT_EQ(screens, (std::vector{true, false, true}));
  EXPECT_EQ(keyboard, "x");
  type("\x01h");
  EXPECT_EQ(screens.size(), 4u);
  EXPECT_THAT(shown, HasSubstr("Ctrl-A s"));
}

TEST_F(TerminalTest, TheScreenIsShownOnce) {
  terminal.show_screen(true);
  terminal.show_screen(true);
  EXPECT_EQ(screens, std::vector{true});
}

TEST_F(TerminalTest, ThePromptAndBack) {
  type(
      "a\x01"
      "cinfo mem\rexits\n\x01"
      "cb");
  EXPECT_EQ(commands, (std::vector<std::string>{"info mem", "exits"}));
  EXPECT_EQ(guest, "ab");
  EXPECT_EQ(shown, "\n(gdbvm) info mem\ndone\n(gdbvm) exits\ndone\n(gdbvm) \n");
  type(
      "\x01"
      "c\x04"
      "c");
  EXPECT_EQ(guest, "abc");
}

TEST_F(TerminalTest, ALongCommandIsShownWholeAndWhatIsTypedMeanwhileComesAfterIt) {
  type(
      "\x01"
      "clong\rinfo mem\rexi");
  type("ts\r\x04to the guest");
  EXPECT_EQ(commands, (std::vector<std::string>{"long"}));
  proceed(1000);
  EXPECT_THAT(shown, HasSubstr("(gdbvm) long\n99 98 97"));
  EXPECT_THAT(shown, HasSubstr(" 1 0 (gdbvm) info mem\ndone\n(gdbvm) exits\ndone\n(gdbvm) \n"));
  EXPECT_EQ(commands, (std::vector<std::string>{"long", "info mem", "exits"}));
  EXPECT_EQ(guest, "to the guest");
}

TEST_F(TerminalTest, CtrlCGivesALongCommandUp) {
  type(
      "\x01"
      "clong\rtyped ahead");
  proceed();
  type("\x03");
  EXPECT_EQ(shown, "\n(gdbvm) long\n99 ^C\ninterrupted: `long` was not finished\n(gdbvm) ");
  type("long\r");
  proceed(2);
  EXPECT_EQ(pieces, 98);
  type("\x03");
  proceed();
  EXPECT_FALSE(next);
}

TEST_F(TerminalTest, CtrlAIsHeardDuringALongCommand) {
  type(
      "\x01"
      "clong\rtyped ahead\x01h");
  proceed();
  EXPECT_THAT(shown, testing::EndsWith("Ctrl-A for the guest\n99 "));
  type(
      "\x01"
      "cab");
  EXPECT_THAT(shown, testing::EndsWith("99 \ninterrupted: `long` was not finished\n\n"));
  EXPECT_EQ(guest, "ab");
  proceed();
  EXPECT_EQ(pieces, 99);
  type(
      "\x01"
      "clong\r\x01x");
  EXPECT_TRUE(quitted);
}

TEST_F(TerminalTest, CtrlAWorksWhenTheGuestReadsNothing) {
  reads = false;
  const std::string paste(1000, 'p');
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(type(paste));
  type("\x01x");
  EXPECT_TRUE(quitted);
  for (int i = 0; i < 100; ++i) type(paste);
  EXPECT_FALSE(type(paste));              // a megabyte is enough
  EXPECT_EQ(guest.size(), 1101u * 1000);  // of which nothing is lost
  reads = true;
  EXPECT_TRUE(type("x"));
}

struct LineEditorTest : testing::Test {
  std::string shown;
  std::vector<std::string> lines;
  bool left = false;
  LineEditor editor{"> ",
                    {.echo = [this](std::string_view text) { shown += text; },
                     .done = [this](std::string_view line) { lines.emplace_back(line); },
                     .left = [this] { left = true; }}};
  void type(std::string_view keys) { editor.feed(bytes_of(keys)); }
};

TEST_F(LineEditorTest, Corrections) {
  type("infp\x7fo\r");
  EXPECT_EQ(shown, "infp\b \bo\n");
  type("abc\x15x\r\x08y\r");
  EXPECT_EQ(lines, (std::vector<std::string>{"info", "x", "y"}));
}

TEST_F(LineEditorTest, LinesBefore) {
  type("one\rtwo\r");
  type("\x1b[A\r");              // two
  type("\x1b[A\x1b[A\x1b[A\r");  // one, and no further
  type(
      "new\x1b[A\x1b[B"
      "er\r");  // back to an empty line
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "two", "one", "er"}));
}

TEST_F(LineEditorTest, KeysThatMeanNothingLeaveNoTrace) {
  type("a\x1b[3~b\x1bOHc\t\r");
  EXPECT_EQ(lines, (std::vector<std::string>{"abc"}));
}

TEST_F(LineEditorTest, InterruptAndEnd) {
  type("abc\x03");
  EXPECT_EQ(shown, "abc^C\n> ");
  type("x\x04\r");
  EXPECT_FALSE(left);
  EXPECT_EQ(lines, (std::vector<std::string>{"x"}));
  type("\x04");
  EXPECT_TRUE(left);
}

TEST_F(LineEditorTest, ALineHasAnEnd) {
  type(std::string(10000, 'a') + "\r");
  EXPECT_EQ(lines.at(0).size(), 4096u);
}

}  // namespace
}  // namespace gdbvm
