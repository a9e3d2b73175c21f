// Port 0x61: gate, speaker, refresh, and OUT of channel 2; and what Linux does with them.
#include "vmm/devices/system_control_b.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class SystemControlBTest : public testing::Test {
 protected:
  I8254 timer;
  SystemControlB port{timer};
};

TEST_F(SystemControlBTest, Bit0IsTheGateOfChannel2) {
  EXPECT_EQ(port.read(0ns) & 1, 0);
  port.write(1, 0ns);
  EXPECT_TRUE(timer.gate2());
  EXPECT_EQ(port.read(0ns) & 1, 1);
  port.write(0, 0ns);
  EXPECT_FALSE(timer.gate2());
}

TEST_F(SystemControlBTest, TheSpeakerAndTheChecksAreRememberedAndErrorsNeverAreThere) {
  port.write(0xff, 0ns);
  EXPECT_EQ(port.read(0ns) & 0xcf, 0x0f);
  port.write(0x02, 0ns);
  EXPECT_EQ(port.read(0ns) & 0xcf, 0x02);
  port.reset();
  EXPECT_EQ(port.read(0ns) & 0xcf, 0);
}

TEST_F(SystemControlBTest, Bit4TogglesWithEachRefresh) {
  unsigned toggles = 0;
  for (auto now = 0ns; now < 1ms; now += 1us) toggles += ((port.read(now) ^ port.read(now + 1us)) & 0x10) != 0;
  EXPECT_EQ(toggles, 1'000'000u / 15'085);
}

// Linux's pit_calibrate_tsc(): mode 0, and a loop until bit 5 is high.
TEST_F(SystemControlBTest, Bit5IsHighWhenChannel2HasCountedFiftyMilliseconds) {
  port.write((port.read(0ns) & ~2) | 1, 0ns);
  timer.write(3, 0xb0, 0ns);
  constexpr unsigned latch = I8254::hertz / 20;
  timer.write(2, latch & 0xff, 0ns);
  timer.write(2, latch >> 8, 0ns);
  EXPECT_EQ(port.read(49'990us) & 0x20, 0);
  EXPECT_EQ(port.read(50'001us) & 0x20, 0x20);
}

TEST_F(SystemControlBTest, ARestoredPortHasTheSavedBits) {
  port.write(0x06, 0ns);
  const StateBytes state = saved(port);
  port.write(0, 0ns);
  restore(port, state);
  EXPECT_EQ(port.read(0ns) & 0x0f, 6);
  const std::byte ones[] = {std::byte{0xff}};
  restore(port, ones);
  EXPECT_EQ(port.read(0ns) & 0xcf, 0x0e);
}

}  // namespace
}  // namespace gdbvm
