// The keyboard controller: its commands, whose byte the data port has, and the interrupt lines.
#include "vmm/devices/ps2/i8042.h"

#include <gmock/gmock.h>

#include "tests/unit/devices/fake_timer.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

class I8042Test : public testing::Test {
 protected:
  static constexpr unsigned full = 1, command_was_last = 8, of_mouse = 0x20;

  std::uint8_t status() {
    std::uint8_t value = 0;
    chip.read(I8042::command_offset, std::span(&value, 1));
    return value;
  }
  std::uint8_t data() {
    std::uint8_t value = 0;
    chip.read(0, std::span(&value, 1));
    return value;
  }
  void command(std::uint8_t value) { chip.write(I8042::command_offset, std::span(&value, 1)); }
  void write(std::uint8_t value) { chip.write(0, std::span(&value, 1)); }
  std::uint8_t answer_to(std::uint8_t value) {
    command(value);
    EXPECT_TRUE(status() & full) << "command " << int{value};
    return data();
  }
  // All there is, with time for each byte.
  Bytes read_all() {
    Bytes all;
    while (status() & full) {
      all.push_back(data());
      now += I8042::byte_time;
    }
    return all;
  }
  void press(std::string_view keys) { chip.press(*ps2::parse_keys(keys)); }
  void type(std::string_view text) {
    for (const char c : text) chip.type(*ps2::keys_typing(c));
  }

  std::chrono::nanoseconds now{0};
  FakeTimer timer;
  std::vector<bool> keyboard_line, mouse_line;
  int resets = 0;
  I8042 chip{{.keyboard_line = [this](bool level) { keyboard_line.push_back(level); },
              .mouse_line = [this](bool level) { mouse_line.push_back(level); },
              .reset_machine = [this] { ++resets; },
              .timer = timer,
              .clock = [this] { return now; }}};
};

TEST_F(I8042Test, HasNothingToReadAndIsReadyAfterPowerOn) {
  EXPECT_EQ(status(), 0x1c);
  EXPECT_EQ(data(), 0);
  EXPECT_EQ(status(), 0x1c);
  write(0xf4);
  EXPECT_EQ(status() & command_was_last, 0);
}

TEST_F(I8042Test, PassesItsTests) {
  EXPECT_EQ(answer_to(0xaa), 0x55);
  EXPECT_EQ(answer_to(0xab), 0x00);
  EXPECT_EQ(answer_to(0xa9), 0x00);
  EXPECT_EQ(answer_to(0xc0), 0x80);
}

TEST_F(I8042Test, ItsMemoryReadsBack) {
  EXPECT_EQ(answer_to(0x20), 0x65);
  command(0x60);
  write(0x47);
  EXPECT_EQ(answer_to(0x20), 0x47);
  command(0x7f);
  write(0xa5);
  EXPECT_EQ(answer_to(0x3f), 0xa5);
  EXPECT_EQ(answer_to(0x20), 0x47);
}

TEST_F(I8042Test, SwitchesItsInterfaces) {
  command(0xad);
  EXPECT_EQ(answer_to(0x20), 0x75);
  press("a");
  EXPECT_FALSE(status() & full);
  command(0xae);
  EXPECT_EQ(answer_to(0x20), 0x65);
  now += I8042::byte_time;
  EXPECT_THAT(read_all(), ElementsAre(0x1e, 0x9e));
  command(0xa8);
  EXPECT_EQ(answer_to(0x20), 0x45);
  command(0xa7);
  EXPECT_EQ(answer_to(0x20), 0x65);
}

TEST_F(I8042Test, WhatIsWrittenSwitchesTheInterfaceOn) {
  command(0xad);
  write(0xf2);
  EXPECT_THAT(read_all(), ElementsAre(0xfa, 0xab, 0x41));
  EXPECT_EQ(answer_to(0x20), 0x65);
  command(0xd4);
  write(0xf2);
  EXPECT_THAT(read_all(), ElementsAre(0xfa, 0x00));
  EXPECT_EQ(answer_to(0x20), 0x45);
}

TEST_F(I8042Test, TheOutputPortHasA20AndTheReset) {
  EXPECT_EQ(answer_to(0xd0), 0xc3);
  command(0xd1);
  write(0xdd);
  EXPECT_EQ(answer_to(0xd0), 0xc1);
  command(0xdf);
  EXPECT_EQ(answer_to(0xd0), 0xc3);
  command(0xdd);
  EXPECT_EQ(answer_to(0xd0), 0xc1);
  EXPECT_EQ(resets, 0);
  command(0xd1);
  write(0xfe);
  EXPECT_EQ(resets, 1);
}

TEST_F(I8042Test, ThePulseResets) {
  command(0xff);
  write(0xfe);
  EXPECT_EQ(resets, 0);
  command(0xfe);
  command(0xf0);
  EXPECT_EQ(resets, 2);
}

TEST_F(I8042Test, KeysAreTranslated) {
  press("ctrl-delete");
  EXPECT_THAT(read_all(), ElementsAre(0x1d, 0xe0, 0x53, 0xe0, 0xd3, 0x9d));
  command(0x60);
  write(0x25);
  press("a");
  EXPECT_THAT(read_all(), ElementsAre(0x1c, 0xf0, 0x1c));
}

// A handler may read a byte twice, as it can with a keyboard.
TEST_F(I8042Test, KeysComeAsSlowlyAsOverACable) {
  press("a");
  EXPECT_EQ(data(), 0x1e);
  EXPECT_EQ(data(), 0x1e);
  EXPECT_FALSE(status() & full);
  EXPECT_EQ(timer.delay, I8042::byte_time);
  now += I8042::byte_time;
  chip.timer_expired();
  EXPECT_EQ(data(), 0x9e);
}

TEST_F(I8042Test, AnswersTakeNoTime) {
  press("a");
  data();
  write(0xf2);
  EXPECT_EQ(data(), 0xfa);
  EXPECT_EQ(data(), 0xab);
  EXPECT_EQ(data(), 0x41);
  EXPECT_FALSE(status() & full) << "the release comes later";
}

TEST_F(I8042Test, EachByteIsAnEdge) {
  press("a");
  EXPECT_THAT(keyboard_line, ElementsAre(true));
  read_all();
  EXPECT_THAT(keyboard_line, ElementsAre(true, false, true, false));
  keyboard_line.clear();
  write(0xf2);
  read_all();
  EXPECT_THAT(keyboard_line, ElementsAre(true, false, true, false, true, false));
  keyboard_line.clear();
  command(0x60);
  write(0x64);
  press("a");
  EXPECT_TRUE(status() & full);
  EXPECT_EQ(keyboard_line.size(), 0u) << "interrupts are off";
  EXPECT_THAT(mouse_line, IsEmpty());
}

TEST_F(I8042Test, TheMouseHasALineOfItsOwn) {
  command(0x60);
  write(0x47);
  command(0xd4);
  write(0xf4);
  EXPECT_EQ(status() & (full | of_mouse), full | of_mouse);
  EXPECT_THAT(mouse_line, ElementsAre(true));
  EXPECT_EQ(data(), 0xfa);
  now += I8042::byte_time;
  chip.move_mouse(3, -1, 0, ps2::Mouse::Left);
  EXPECT_THAT(read_all(), ElementsAre(0x29, 3, 0xff));
  EXPECT_EQ(mouse_line.size(), 8u);
  EXPECT_THAT(keyboard_line, IsEmpty());
  press("a");
  EXPECT_THAT(keyboard_line, ElementsAre(true));
  EXPECT_EQ(mouse_line.size(), 8u);
}

TEST_F(I8042Test, BytesCanBeMadeUp) {
  command(0xd2);
  write(0x1e);
  EXPECT_EQ(status() & (full | of_mouse), full);
  EXPECT_THAT(read_all(), ElementsAre(0x1e));
  command(0xd3);
  write(0x55);
  EXPECT_EQ(status() & (full | of_mouse), full | of_mouse);
  EXPECT_THAT(read_all(), ElementsAre(0x55));
}

TEST_F(I8042Test, NothingTypedIsLost) {
  std::string text(100, 'x');
  type(text);
  press("f1");
  const Bytes sent = read_all();
  ASSERT_EQ(sent.size(), 2 * text.size() + 2);
  EXPECT_EQ(sent[2 * text.size() - 1], 0xad);
  EXPECT_EQ(sent.back(), 0xbb);
}

TEST_F(I8042Test, WhatIsTypedWaitsForTheKeyboardToBeOn) {
  write(0xf5);
  EXPECT_THAT(read_all(), ElementsAre(0xfa));
  type("x");
  EXPECT_THAT(read_all(), IsEmpty());
  write(0xf4);
  EXPECT_THAT(read_all(), ElementsAre(0xfa, 0x2d, 0xad));
}

TEST_F(I8042Test, ResetLeavesWhatIsTyped) {
  type("xy");
  write(0xed);
  write(0x02);
  chip.reset();
  EXPECT_EQ(chip.leds(), 0);
  EXPECT_EQ(timer.delay, 0ns);
  EXPECT_THAT(keyboard_line, ElementsAre(true, false));
  chip.timer_expired();
  EXPECT_THAT(read_all(), ElementsAre(0xad, 0x15, 0x95));
}

TEST_F(I8042Test, ItsStateIsRestored) {
  press("a");
  data();
  command(0xd4);
  write(0xf2);
  const StateBytes state = saved(chip);
  chip.reset();
  expect_truncated_is_refused(chip, state);
  timer.delay.reset();
  restore(chip, state);
  EXPECT_EQ(saved(chip), state);
  EXPECT_EQ(timer.delay, 0ns);
  EXPECT_THAT(read_all(), ElementsAre(0xfa, 0x00, 0x9e));
}

TEST_F(I8042Test, AStateOfALaterTimeKeepsNobodyWaiting) {
  now = std::chrono::hours(1);
  press("a");
  data();
  const StateBytes state = saved(chip);
  now = 0ns;
  restore(chip, state);
  chip.timer_expired();
  EXPECT_EQ(timer.delay, I8042::byte_time);
}

}  // namespace
}  // namespace gdbvm
