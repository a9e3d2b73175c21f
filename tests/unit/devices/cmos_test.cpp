// CMOS: time in all formats, the update flag, setting the clock, interrupts, memory sizes.
#include "vmm/devices/cmos.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/fake_timer.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class CmosTest : public testing::Test {
 protected:
  // Sunday, 22 November 2026, 21:47:09.5
  Cmos::Time now_ = std::chrono::sys_days{2026y / 11 / 22} + 21h + 47min + 9s + 500ms;
  FakeTimer timer_;
  bool line_ = false;
  Cmos cmos_{std::uint64_t{5} << 30, [this](bool level) { line_ = level; }, timer_, [this] { return now_; }};

  std::uint8_t get(std::uint8_t index) {
    cmos_.write(0, std::span(&index, 1));
    std::uint8_t value = 0;
    cmos_.read(1, std::span(&value, 1));
    return value;
  }
  void set(std::uint8_t index, std::uint8_t value) {
    cmos_.write(0, std::span(&index, 1));
    cmos_.write(1, std::span(&value, 1));
  }
  unsigned word(std::uint8_t index) { return get(index) | get(static_cast<std::uint8_t>(index + 1)) << 8; }
};

TEST_F(CmosTest, TellsTheTimeInBcd) {
  EXPECT_EQ(get(0x00), 0x09);
  EXPECT_EQ(get(0x02), 0x47);
  EXPECT_EQ(get(0x04), 0x21);
  EXPECT_EQ(get(0x06), 1);
  EXPECT_EQ(get(0x07), 0x22);
  EXPECT_EQ(get(0x08), 0x11);
  EXPECT_EQ(get(0x09), 0x26);
  EXPECT_EQ(get(0x32), 0x20);
  now_ += 1s;
  EXPECT_EQ(get(0x00), 0x10);
}

TEST_F(CmosTest, TellsTheTimeInBinaryAndTwelveHours) {
  set(0x0b, 0x06);
  EXPECT_EQ(get(0x02), 47);
  EXPECT_EQ(get(0x04), 21);
  set(0x0b, 0x04);
  EXPECT_EQ(get(0x04), 0x80 | 9);
  now_ += 3h;  // just after midnight
  EXPECT_EQ(get(0x04), 12);
  now_ += 12h;
  EXPECT_EQ(get(0x04), 0x80 | 12);
  set(0x0b, 0x00);
  EXPECT_EQ(get(0x04), 0x80 | 0x12);
}

TEST_F(CmosTest, UpdateInProgressPrecedesTheSecond) {
  EXPECT_EQ(get(0x0a), 0x26);
  now_ += 499ms + 755us;
  EXPECT_EQ(get(0x0a), 0x26);
  now_ += 1us;
  EXPECT_EQ(get(0x0a), 0xa6);
  now_ += 244us;
  EXPECT_EQ(get(0x0a), 0x26);
  EXPECT_EQ(get(0x00), 0x10);
}

TEST_F(CmosTest, SettingTheClockWhileUpdatesAreHalted) {
  set(0x0b, 0x82);
  set(0x32, 0x19);
  set(0x09, 0x99);
  set(0x08, 0x12);
  set(0x07, 0x31);
  set(0x04, 0x23);
  set(0x02, 0x59);
  set(0x00, 0x59);
  now_ += 10s;
  EXPECT_EQ(get(0x00), 0x59);
  EXPECT_EQ(get(0x0a) & 0x80, 0);
  set(0x0b, 0x02);
  EXPECT_EQ(get(0x00), 0x59);
  now_ += 1s;
  EXPECT_EQ(get(0x32), 0x20);
  EXPECT_EQ(get(0x09), 0x00);
  EXPECT_EQ(get(0x07), 0x01);
  EXPECT_EQ(get(0x00), 0x00);
}

TEST_F(CmosTest, SettingOneFieldInFlight) {
  set(0x04, 0x05);
  EXPECT_EQ(get(0x04), 0x05);
  EXPECT_EQ(get(0x02), 0x47);
  set(0x0b, 0x00);
  set(0x04, 0x80 | 0x11);
  set(0x0b, 0x02);
  EXPECT_EQ(get(0x04), 0x23);
}

TEST_F(CmosTest, SettingTheClockKeepsItsFraction) {
  set(0x00, 0x30);
  now_ += 499ms;
  EXPECT_EQ(get(0x00), 0x30);
  now_ += 1ms;
  EXPECT_EQ(get(0x00), 0x31);
}

TEST_F(CmosTest, NonsenseLeavesTheClockAlone) {
  for (int index = 0; index < 128; ++index) {
    for (const std::uint8_t value : {0xff, 0x00, 0x9a}) set(static_cast<std::uint8_t>(index & ~2), value);
  }
  set(0x0b, 0x02);
  set(0x07, 0x99);
  EXPECT_LE(get(0x07), 0x31);
}

TEST_F(CmosTest, PeriodicInterruptsWaitForStatusC) {
  EXPECT_EQ(timer_.delay, std::nullopt);
  set(0x0b, 0x42);
  EXPECT_EQ(timer_.delay, 977us);
  now_ += 976us;
  cmos_.timer_expired();
  EXPECT_FALSE(line_);
  EXPECT_EQ(timer_.delay, 1us);
  now_ += 1us;
  cmos_.timer_expired();
  EXPECT_TRUE(line_);
  EXPECT_EQ(timer_.delay, std::nullopt);
  now_ += 100ms;
  EXPECT_EQ(get(0x0c), 0xc0);
  EXPECT_FALSE(line_);
  ASSERT_TRUE(timer_.delay.has_value());
  EXPECT_LE(*timer_.delay, 977us);
  EXPECT_EQ(get(0x0c), 0x00);
  set(0x0a, 0x2f);
  ASSERT_TRUE(timer_.delay.has_value());
  EXPECT_GT(*timer_.delay, 100ms);
}

TEST_F(CmosTest, UpdateEndedInterruptsComeWithTheSecond) {
  set(0x0b, 0x12);
  EXPECT_EQ(timer_.delay, 500ms);
  now_ += 500ms;
  cmos_.timer_expired();
  EXPECT_TRUE(line_);
  set(0x0b, 0x02);
  EXPECT_FALSE(line_);
  EXPECT_EQ(get(0x0c) & 0x90, 0x10);
  set(0x0b, 0x92);  // while the clock is being set there are no updates
  EXPECT_EQ(get(0x0b), 0x82);
  EXPECT_EQ(timer_.delay, std::nullopt);
}

TEST_F(CmosTest, TheAlarmRingsAtItsTime) {
  set(0x05, 0x22);
  set(0x03, 0xff);
  set(0x01, 0x30);
  set(0x0b, 0x22);
  EXPECT_EQ(timer_.delay, 13min + 20s + 500ms);
  now_ += 13min + 20s;
  EXPECT_EQ(get(0x0c) & 0xa0, 0);
  now_ += 500ms;
  EXPECT_EQ(get(0x0c) & 0xa0, 0xa0);
  set(0x00, 0x40);  // past today's second, without having come by it
  EXPECT_EQ(get(0x0c) & 0xa0, 0);
  EXPECT_EQ(timer_.delay, 50s);
  set(0x05, 0x30);  // no such hour
  EXPECT_EQ(timer_.delay, std::nullopt);
}

TEST_F(CmosTest, ResetTakesTheInterruptsBack) {
  set(0x0b, 0x42);
  now_ += 1ms;
  cmos_.timer_expired();
  EXPECT_TRUE(line_);
  cmos_.reset();
  EXPECT_FALSE(line_);
  EXPECT_EQ(get(0x0b), 0x02);
  EXPECT_EQ(timer_.delay, std::nullopt);
  now_ += 1s;
  cmos_.reset();
  EXPECT_EQ(get(0x0c), 0x00) << "what had come due before the reset";
}

TEST_F(CmosTest, LargeDisksHaveMoreThan16Heads) { EXPECT_EQ(get(0x39), 0x55); }

TEST_F(CmosTest, MemorySizes) {
  EXPECT_EQ(word(0x15), 640u);
  EXPECT_EQ(word(0x17), 0xffffu);
  EXPECT_EQ(word(0x30), 0xffffu);
  EXPECT_EQ(word(0x34), (3u * 1024 - 16) * 16);
  EXPECT_EQ(word(0x5b) | get(0x5d) << 16, 2u * 1024 * 16);
}

TEST(Cmos, SmallMemory) {
  FakeTimer timer;
  Cmos cmos(4 << 20, [](bool) {}, timer, [] { return Cmos::Time{}; });
  const auto get = [&](std::uint8_t index) {
    std::uint8_t value = index;
    cmos.write(0, std::span(&value, 1));
    cmos.read(1, std::span(&value, 1));
    return value;
  };
  EXPECT_EQ(get(0x17) | get(0x18) << 8, 3 * 1024);
  EXPECT_EQ(get(0x34) | get(0x35), 0);
  EXPECT_EQ(get(0x5b) | get(0x5c) | get(0x5d), 0);
}

TEST_F(CmosTest, TheIndexHasSevenBitsAndRamRemembers) {
  set(0x40, 0x5a);
  EXPECT_EQ(get(0xc0), 0x5a);
  cmos_.reset();
  EXPECT_EQ(get(0x40), 0x5a);
  EXPECT_EQ(get(0x0d), 0x80);
  set(0x0d, 0);
  EXPECT_EQ(get(0x0d), 0x80);
}

TEST_F(CmosTest, ItsStateIsRestored) {
  set(0x09, 0x31);
  set(0x40, 0x5a);
  set(0x0b, 0x52);  // periodic and update-ended interrupts
  now_ += 1ms;
  cmos_.timer_expired();
  ASSERT_TRUE(line_);
  set(0x0b, 0xc2);  // updates are halted
  set(0x02, 0x59);
  const StateBytes state = saved(cmos_);
  set(0x02, 0x00);
  set(0x0b, 0x02);
  set(0x09, 0x26);
  set(0x40, 0);
  EXPECT_FALSE(line_);
  expect_truncated_is_refused(cmos_, state);
  restore(cmos_, state);
  EXPECT_EQ(saved(cmos_), state);
  EXPECT_FALSE(line_) << "nobody is told of its level";
  std::uint8_t value = 0;
  cmos_.read(1, std::span(&value, 1));
  EXPECT_EQ(value, 0x59) << "the index is that of the minutes";
  EXPECT_EQ(get(0x40), 0x5a);
  EXPECT_EQ(get(0x0b), 0xc2);
  EXPECT_EQ(get(0x0c), 0xc0);
  set(0x0b, 0x02);
  EXPECT_EQ(get(0x02), 0x59);
  EXPECT_EQ(get(0x09), 0x31);
}

TEST_F(CmosTest, TheTimeOfDayIsThePresents) {
  set(0x09, 0x31);
  const StateBytes state = saved(cmos_);
  set(0x09, 0x40);
  now_ += 3min;
  restore(cmos_, state);
  EXPECT_EQ(get(0x09), 0x31);
  EXPECT_EQ(get(0x02), 0x50);
}

TEST_F(CmosTest, TheTimerIsSetForWhatIsDueNext) {
  set(0x0b, 0x12);  // at each second
  const StateBytes state = saved(cmos_);
  set(0x0b, 0x02);
  EXPECT_FALSE(timer_.delay);
  now_ += 200ms;
  restore(cmos_, state);
  EXPECT_EQ(timer_.delay, 300ms);
  now_ += 2s;
  restore(cmos_, state);
  EXPECT_EQ(timer_.delay, 0ms) << "what has become due meanwhile";
  cmos_.timer_expired();
  EXPECT_TRUE(line_);
  EXPECT_FALSE(timer_.delay);
}

TEST_F(CmosTest, AStateOfAClockFarAheadDoesNotSetTheTimerForThatLong) {
  set(0x0b, 0x12);
  constexpr std::size_t collected = 16;
  constexpr std::chrono::microseconds ahead = std::chrono::years(39'000);
  restore(cmos_, with(saved(cmos_), collected, std::int64_t{ahead.count()}));
  EXPECT_EQ(timer_.delay, 24h);
}

TEST_F(CmosTest, ATimeThatNoClockShowsIsRefused) {
  const StateBytes state = saved(cmos_);
  for (const std::size_t time : {0u, 8u, 16u}) {
    for (const std::int64_t value : {INT64_MIN, INT64_MAX}) {
      EXPECT_THROW(restore(cmos_, with(state, time, value)), StateError);
      EXPECT_EQ(saved(cmos_), state);
    }
  }
}

TEST_F(CmosTest, AnIndexHasSevenBitsInAStateToo) {
  StateBytes state = saved(cmos_);
  state.back() = std::byte{0xc0};
  restore(cmos_, state);
  set(0x40, 0x5a);
  restore(cmos_, with(saved(cmos_), state.size() - 1, std::uint8_t{0xc0}));
  std::uint8_t value = 0;
  cmos_.read(1, std::span(&value, 1));
  EXPECT_EQ(value, 0x5a);
}

// One that counts from its start on, by another clock.
class StartedCmosTest : public CmosTest {
 protected:
  Cmos::Time counted_{0s};
  Cmos started_{std::uint64_t{5} << 30, [](bool) {}, timer_, [this] { return counted_; }, now_};

  std::uint8_t get(Cmos& cmos, std::uint8_t index) {
    cmos.write(0, std::span(&index, 1));
    std::uint8_t value = 0;
    cmos.read(1, std::span(&value, 1));
    return value;
  }
  unsigned time(Cmos& cmos) { return get(cmos, 4) << 16 | get(cmos, 2) << 8 | get(cmos, 0); }
};

TEST_F(StartedCmosTest, ShowsItsStartAndGoesOnByItsClock) {
  EXPECT_EQ(time(started_), 0x214709u);
  EXPECT_EQ(get(started_, 9), 0x26);
  now_ += 1h;
  EXPECT_EQ(time(started_), 0x214709u);
  counted_ += 3s;
  EXPECT_EQ(time(started_), 0x214712u);
}

TEST_F(StartedCmosTest, ARestoredOneGoesOnFromWhereItWasSavedWhateverItsStart) {
  counted_ += 3s;
  const StateBytes state = saved(started_);
  counted_ += 20s;
  Cmos other(std::uint64_t{5} << 30, [](bool) {}, timer_, [this] { return counted_; }, now_ + 5h);
  restore(other, state);
  EXPECT_EQ(time(other), 0x214712u);
  restore(cmos_, state);
  EXPECT_EQ(time(cmos_), 0x214712u) << "also where none has a start";
  restore(started_, saved(cmos_));
  EXPECT_EQ(time(started_), 0x214709u) << "from when its events were last looked at";
}

TEST_F(StartedCmosTest, WithoutAStartTheDifferenceFromTheClockIsKept) {
  const StateBytes state = saved(cmos_);
  now_ += 1h;
  restore(cmos_, state);
  EXPECT_EQ(time(cmos_), 0x224709u);
}

}  // namespace
}  // namespace gdbvm
