// The interval timer as the PC has it: its ports, its interrupt, and when it wants to be called.
#include "vmm/devices/interval_timer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/devices/fake_timer.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class IntervalTimerTest : public testing::Test {
 protected:
  std::chrono::nanoseconds now_{0};
  FakeTimer timer_;
  std::string line_;  // each change: '+' or '-'
  IntervalTimer device_{[this](bool level) { line_ += level ? '+' : '-'; }, timer_, [this] { return now_; }};

  void set(std::uint16_t offset, std::uint8_t value) { device_.write(offset, std::span(&value, 1)); }
  std::uint8_t get(std::uint16_t offset) {
    std::uint8_t value = 0;
    device_.read(offset, std::span(&value, 1));
    return value;
  }
  // Channel 0 by mode 2: a pulse each `count` of its clock's.
  void start(std::uint16_t count) {
    set(3, 0x34);
    set(0, static_cast<std::uint8_t>(count));
    set(0, static_cast<std::uint8_t>(count >> 8));
  }
  void expire() {
    ASSERT_TRUE(timer_.delay);
    now_ += *timer_.delay;
    line_.clear();
    device_.timer_expired();
  }
};

TEST_F(IntervalTimerTest, InterruptsByAnEdgeEachPeriod) {
  start(1193);  // about a millisecond
  for (int i = 0; i < 3; ++i) {
    expire();
    EXPECT_EQ(line_, "-+");
    EXPECT_NEAR(static_cast<double>(now_.count()), (i + 1) * 1e6, 2e3);
  }
}

TEST_F(IntervalTimerTest, PulsesThatComeLateAreOneAndTheNextIsInTime) {
  start(1193);
  expire();
  now_ += 10ms + 300us;
  line_.clear();
  device_.timer_expired();
  EXPECT_EQ(line_, "-+");
  EXPECT_NEAR(static_cast<double>(timer_.delay->count()), 700e3, 5e3);
}

TEST_F(IntervalTimerTest, ACallTooEarlyInterruptsNobody) {
  start(1193);
  now_ += 500us;
  line_.clear();
  device_.timer_expired();
  EXPECT_EQ(line_, "");
  EXPECT_NEAR(static_cast<double>(timer_.delay->count()), 500e3, 2e3);
}

TEST_F(IntervalTimerTest, AWriteAfterTheRiseInterruptsAtOnce) {
  start(1193);
  now_ += 1100us;
  line_.clear();
  set(3, 0x00);  // latches the count
  EXPECT_EQ(line_, "-+");
}

TEST_F(IntervalTimerTest, AModeThatBeginsLowLowersTheLine) {
  start(1193);
  expire();
  line_.clear();
  set(3, 0x30);  // mode 0
  EXPECT_EQ(line_, "-");
  EXPECT_EQ(timer_.delay, std::nullopt);
}

TEST_F(IntervalTimerTest, TheCountIsThatOfItsTime) {
  start(1000);
  now_ += 100us;
  set(3, 0x00);
  const unsigned low = get(0), high = get(0);
  EXPECT_NEAR(high << 8 | low, 1000 - 119, 2);
}

TEST_F(IntervalTimerTest, CanBeLookedAt) {
  start(1000);
  set(3, 0x90);  // channel 2: low byte, mode 0
  set(2, 50);
  set(IntervalTimer::control_offset, 2);
  now_ += 100us;
  set(3, 0x00);  // the latched count is the guest's
  now_ += 100us;
  const auto timer = device_.registers();
  const auto& pulses = timer.channels[0];
  EXPECT_EQ(pulses.mode, 2u);
  EXPECT_EQ(pulses.access, 3u);
  EXPECT_EQ(pulses.reload, 1000);
  EXPECT_NEAR(pulses.count, 1000 - 238, 2);
  EXPECT_TRUE(pulses.counting && pulses.gate && pulses.out);
  const auto& tone = timer.channels[2];
  EXPECT_EQ(tone.mode, 0u);
  EXPECT_EQ(tone.access, 1u);
  EXPECT_FALSE(tone.counting || tone.gate || tone.out);
  EXPECT_EQ(timer.control_b & 0x2f, 2);
  EXPECT_NEAR(static_cast<double>(timer.until_event->count()), 638e3, 2e3);
  device_.reset();
  EXPECT_EQ(device_.registers().until_event, std::nullopt);
}

TEST_F(IntervalTimerTest, ControlPortBGatesChannel2AndShowsIt) {
  constexpr std::uint8_t out2 = 0x20;
  set(3, 0xb0);  // channel 2, mode 0
  set(IntervalTimer::control_offset, 1);
  set(2, 100);
  set(2, 0);
  EXPECT_FALSE(get(IntervalTimer::control_offset) & out2);
  set(IntervalTimer::control_offset, 0);
  now_ += 1ms;
  EXPECT_FALSE(get(IntervalTimer::control_offset) & out2) << "the gate is closed";
  set(IntervalTimer::control_offset, 3);
  now_ += 1ms;
  EXPECT_EQ(get(IntervalTimer::control_offset) & 0x23, out2 | 3);
  EXPECT_EQ(line_.find('+'), std::string::npos) << "it has no interrupt";
}

TEST_F(IntervalTimerTest, AResetStopsIt) {
  start(1193);
  set(IntervalTimer::control_offset, 3);
  line_.clear();
  device_.reset();
  EXPECT_EQ(line_, "-");
  EXPECT_EQ(timer_.delay, std::nullopt);
  EXPECT_EQ(get(IntervalTimer::control_offset) & 3, 0);
}

TEST_F(IntervalTimerTest, GoesOnWhereItsStateWasSaved) {
  start(1193);
  set(IntervalTimer::control_offset, 2);
  now_ += 400us;
  const StateBytes state = saved(device_);
  device_.reset();
  timer_.delay = 1h;
  restore(device_, state);
  EXPECT_NEAR(static_cast<double>(timer_.delay->count()), 600e3, 2e3);
  EXPECT_EQ(get(IntervalTimer::control_offset) & 2, 2);
  expire();
  EXPECT_EQ(line_, "-+");
}

TEST_F(IntervalTimerTest, AnEventOfThePastIsDueAtOnceAfterARestore) {
  start(1193);
  const StateBytes state = saved(device_);
  now_ += 1h;
  restore(device_, state);
  EXPECT_EQ(timer_.delay, 0ns);
}

}  // namespace
}  // namespace gdbvm
