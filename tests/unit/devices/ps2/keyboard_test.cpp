// The keyboard's commands and its buffer.
#include "vmm/devices/ps2/keyboard.h"

#include <gmock/gmock.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm::ps2 {
namespace {

using enum Stroke;
using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

class KeyboardTest : public testing::Test {
 protected:
  Bytes take_all() {
    Bytes all;
    while (keyboard.output().has_answer() || keyboard.output().has_data()) all.push_back(keyboard.output().take());
    return all;
  }
  Bytes answers_to(const Bytes& bytes) {
    Bytes all;
    for (const std::uint8_t byte : bytes) {
      keyboard.write(byte);
      const Bytes more = take_all();
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }
  Keyboard keyboard;
  static constexpr Key a{0x1e};
};

TEST_F(KeyboardTest, SendsSetTwoAfterPowerOn) {
  keyboard.key(a, Press);
  keyboard.key(a, Release);
  EXPECT_THAT(take_all(), ElementsAre(0x1c, 0xf0, 0x1c));
}

TEST_F(KeyboardTest, Identifies) {
  EXPECT_THAT(answers_to({0xf2}), ElementsAre(0xfa, 0xab, 0x83));
  EXPECT_THAT(answers_to({0xee}), ElementsAre(0xee));
  EXPECT_THAT(answers_to({0xff}), ElementsAre(0xfa, 0xaa));
}

TEST_F(KeyboardTest, RemembersItsLights) {
  EXPECT_THAT(answers_to({0xed, 0xfd & 7}), ElementsAre(0xfa, 0xfa));
  EXPECT_EQ(keyboard.leds(), Keyboard::ScrollLock | Keyboard::CapsLock);
  EXPECT_THAT(answers_to({0xf6}), ElementsAre(0xfa));
  EXPECT_EQ(keyboard.leds(), 0);
}

TEST_F(KeyboardTest, ChangesItsSet) {
  EXPECT_THAT(answers_to({0xf0, 0}), ElementsAre(0xfa, 0xfa, 2));
  EXPECT_THAT(answers_to({0xf0, 1}), ElementsAre(0xfa, 0xfa));
  EXPECT_THAT(answers_to({0xf0, 0}), ElementsAre(0xfa, 0xfa, 1));
  EXPECT_THAT(answers_to({0xf0, 3}), ElementsAre(0xfa, 0xfe));
  keyboard.key(a, Release);
  EXPECT_THAT(take_all(), ElementsAre(0x9e));
}

TEST_F(KeyboardTest, IgnoresKeysWhileItIsOff) {
  keyboard.key(a, Press);
  EXPECT_THAT(answers_to({0xf5}), ElementsAre(0xfa));
  keyboard.key(a, Press);
  EXPECT_FALSE(keyboard.scanning());
  EXPECT_THAT(take_all(), IsEmpty());
  EXPECT_THAT(answers_to({0xf4}), ElementsAre(0xfa));
  keyboard.key(a, Press);
  EXPECT_THAT(take_all(), ElementsAre(0x1c));
}

TEST_F(KeyboardTest, AnswersGoBeforeKeys) {
  keyboard.key(a, Press);
  keyboard.write(0xf3);
  EXPECT_THAT(take_all(), ElementsAre(0xfa, 0x1c));
  EXPECT_THAT(answers_to({0x20}), ElementsAre(0xfa));
}

TEST_F(KeyboardTest, SendsTheLastByteAgain) {
  EXPECT_THAT(answers_to({0xf2, 0xfe, 0xfe}), ElementsAre(0xfa, 0xab, 0x83, 0x83, 0x83));
}

TEST_F(KeyboardTest, ACommandTakesTheArgumentsPlace) {
  EXPECT_THAT(answers_to({0xed, 0xee, 7}), ElementsAre(0xfa, 0xee, 0xfe));
  EXPECT_EQ(keyboard.leds(), 0);
}

TEST_F(KeyboardTest, RefusesWhatIsNoCommand) { EXPECT_THAT(answers_to({0x12, 0xfb}), ElementsAre(0xfe, 0xfe)); }

TEST_F(KeyboardTest, TellsOfKeysWithoutRoom) {
  for (int i = 0; i < 10; ++i) keyboard.key(a, Release);  // two bytes each
  const Bytes sent = take_all();
  EXPECT_EQ(sent.size(), 17u);
  EXPECT_EQ(sent.back(), 0x00);
  keyboard.key(a, Press);
  EXPECT_THAT(take_all(), ElementsAre(0x1c));
}

TEST_F(KeyboardTest, AKeysBytesStayTogether) {
  for (int i = 0; i < 15; ++i) keyboard.key(a, Press);
  keyboard.key(a, Release);
  keyboard.key(a, Press);
  const Bytes sent = take_all();
  EXPECT_EQ(sent.size(), 16u);
  EXPECT_EQ(sent.back(), 0x00);
}

TEST_F(KeyboardTest, ItsStateIsRestored) {
  answers_to({0xed, 2, 0xf0, 1});
  keyboard.key(a, Press);
  keyboard.write(0xf3);
  const StateBytes state = saved(keyboard);
  keyboard.reset();
  expect_truncated_is_refused(keyboard, state);
  restore(keyboard, state);
  EXPECT_EQ(saved(keyboard), state);
  EXPECT_EQ(keyboard.leds(), Keyboard::NumLock);
  EXPECT_THAT(take_all(), ElementsAre(0xfa, 0x1e));
  EXPECT_THAT(answers_to({0}), ElementsAre(0xfa));
}

TEST_F(KeyboardTest, MoreBytesThanItKeepsAreNoState) {
  const StateBytes state = saved(keyboard);
  const std::size_t counts = state.size() - 4;  // answers, data, last, overrun
  for (const std::size_t count : {counts, counts + 1}) {
    const StateBytes forged = with(state, count, std::uint8_t{17});
    StateReader reader(forged);
    EXPECT_THROW(keyboard.restore(reader), StateError);
    EXPECT_EQ(saved(keyboard), state);
  }
}

}  // namespace
}  // namespace gdbvm::ps2
