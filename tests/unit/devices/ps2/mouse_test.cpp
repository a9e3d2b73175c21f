// The mouse's commands and packets.
#include "vmm/devices/ps2/mouse.h"

#include <gmock/gmock.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm::ps2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

class MouseTest : public testing::Test {
 protected:
  Bytes take_all() {
    Bytes all;
    for (;;) {
      while (mouse.output().has_answer() || mouse.output().has_data()) all.push_back(mouse.output().take());
      mouse.go_on();
      if (!mouse.output().has_data()) return all;
    }
  }
  Bytes answers_to(const Bytes& bytes) {
    Bytes all;
    for (const std::uint8_t byte : bytes) {
      mouse.write(byte);
      const Bytes more = take_all();
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }
  Mouse mouse;
};

TEST_F(MouseTest, IsSilentUntilItIsAsked) {
  mouse.move(5, 5, 0, Mouse::Left);
  EXPECT_THAT(take_all(), IsEmpty());
  EXPECT_THAT(answers_to({0xf4}), ElementsAre(0xfa));
  mouse.move(5, -3, 0, Mouse::Left);
  EXPECT_THAT(take_all(), ElementsAre(0x29, 5, 0xfd));
  mouse.move(0, 0, 0, Mouse::Left);
  EXPECT_THAT(take_all(), IsEmpty());
  mouse.move(0, 0, 0, Mouse::Right | Mouse::Middle);
  EXPECT_THAT(take_all(), ElementsAre(0x0e, 0, 0));
  EXPECT_THAT(answers_to({0xf5}), ElementsAre(0xfa));
  mouse.move(1, 1, 0, 0);
  EXPECT_THAT(take_all(), IsEmpty());
}

TEST_F(MouseTest, Identifies) {
  EXPECT_THAT(answers_to({0xf2}), ElementsAre(0xfa, 0));
  EXPECT_THAT(answers_to({0xff}), ElementsAre(0xfa, 0xaa, 0));
  EXPECT_THAT(answers_to({0x00}), ElementsAre(0xfe));
}

TEST_F(MouseTest, TellsItsStatus) {
  EXPECT_THAT(answers_to({0xe9}), ElementsAre(0xfa, 0, 2, 100));
  answers_to({0xe8, 3, 0xf3, 40, 0xe7, 0xf4});
  mouse.move(0, 0, 0, Mouse::Left | Mouse::Middle);
  take_all();
  EXPECT_THAT(answers_to({0xe9}), ElementsAre(0xfa, 0x36, 3, 40));
  answers_to({0xf0, 0xe6});
  EXPECT_THAT(answers_to({0xe9}), ElementsAre(0xfa, 0x66, 3, 40));
  EXPECT_THAT(answers_to({0xf6, 0xe9}), ElementsAre(0xfa, 0xfa, 0, 2, 100));
}

TEST_F(MouseTest, MovesAddUpUntilTheyAreTaken) {
  answers_to({0xf4});
  mouse.move(1, 0, 0, 0);
  mouse.move(200, -200, 0, 0);
  mouse.move(100, -100, 0, 0);
  EXPECT_THAT(take_all(), ElementsAre(0x08, 1, 0, 0x28, 255, 1, 0x28, 45, 0xd3));
}

TEST_F(MouseTest, AWheelForWhoKnowsOfIt) {
  answers_to({0xf4});
  mouse.move(0, 0, 1, 0);
  EXPECT_THAT(take_all(), IsEmpty());
  answers_to({0xf3, 200, 0xf3, 100, 0xf3, 80});
  EXPECT_THAT(answers_to({0xf2}), ElementsAre(0xfa, 3));
  mouse.move(0, 0, -1, 0);
  EXPECT_THAT(take_all(), ElementsAre(0x08, 0, 0, 0xff));
  EXPECT_THAT(answers_to({0xff, 0xf2}), ElementsAre(0xfa, 0xaa, 0, 0xfa, 0));
}

TEST_F(MouseTest, InRemoteModeItWaitsToBeRead) {
  answers_to({0xf4, 0xf0});
  mouse.move(3, 4, 0, 0);
  EXPECT_THAT(take_all(), IsEmpty());
  EXPECT_THAT(answers_to({0xeb}), ElementsAre(0xfa, 0x08, 3, 4));
  answers_to({0xea});
  mouse.move(1, 1, 0, 0);
  EXPECT_THAT(take_all(), ElementsAre(0x08, 1, 1));
}

TEST_F(MouseTest, ScalesSmallMovesDownAndLargeOnesUp) {
  answers_to({0xf4, 0xe7});
  mouse.move(2, -5, 0, 0);
  EXPECT_THAT(take_all(), ElementsAre(0x28, 1, 0xf7));
  mouse.move(10, -200, 0, 0);
  EXPECT_THAT(take_all(), ElementsAre(0x28, 20, 1));
}

TEST_F(MouseTest, EchoesUntilItIsToldNotTo) {
  EXPECT_THAT(answers_to({0xee, 0xf4, 0x12, 0xec, 0xe6}), ElementsAre(0xfa, 0xf4, 0x12, 0xfa, 0xfa));
}

TEST_F(MouseTest, ItsStateIsRestored) {
  answers_to({0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf4});
  mouse.move(1, 0, 0, 0);
  mouse.move(7, 0, 0, Mouse::Left);
  const StateBytes state = saved(mouse);
  mouse.reset();
  expect_truncated_is_refused(mouse, state);
  restore(mouse, state);
  EXPECT_EQ(saved(mouse), state);
  EXPECT_THAT(take_all(), ElementsAre(0x08, 1, 0, 0, 0x09, 7, 0, 0));
}

}  // namespace
}  // namespace gdbvm::ps2
