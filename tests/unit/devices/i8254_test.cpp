// The 8254's ports, clock, and channel 0's rises.
#include "vmm/devices/i8254.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;
using Time = I8254::Time;

constexpr unsigned control = 3;

// A time in the middle of that pulse of the clock.
constexpr Time pulse(std::uint64_t number) {
  return Time(static_cast<Time::rep>((number * 2 + 1) * 500'000'000 / I8254::hertz));
}

class I8254Test : public testing::Test {
 protected:
  void write(unsigned offset, unsigned value, Time now) { pit.write(offset, static_cast<std::uint8_t>(value), now); }
  void start(unsigned word, unsigned count, Time now) {
    write(control, word, now);
    write_word(word >> 6, count, now);
  }
  void write_word(unsigned channel, unsigned count, Time now) {
    write(channel, count & 0xff, now);
    write(channel, count >> 8, now);
  }
  unsigned read_word(unsigned channel, Time now) {
    const unsigned low = pit.read(channel, now);
    return low | static_cast<unsigned>(pit.read(channel, now)) << 8;
  }
  I8254 pit;
};

TEST_F(I8254Test, NothingCountsUntilItIsProgrammed) {
  EXPECT_EQ(pit.next_event(), std::nullopt);
  EXPECT_FALSE(pit.take_rise(1h));
  for (unsigned channel = 0; channel < 3; ++channel) EXPECT_TRUE(pit.out(channel, 1h));
  EXPECT_FALSE(pit.gate2());
}

TEST_F(I8254Test, TheClockIs1193182HertzForDays) {
  start(0x34, 1193, 0ns);
  constexpr std::uint64_t days = 10, pulses = days * 86400 * I8254::hertz;
  EXPECT_EQ(read_word(0, days * 24h), 1193 - (pulses - 1) % 1193);
  EXPECT_EQ(read_word(0, days * 24h - 1ns), 1193 - (pulses - 2) % 1193);
}

TEST_F(I8254Test, AResetEndsAllCounting) {
  start(0x34, 1000, 0ns);
  pit.set_gate2(true, 0ns);
  EXPECT_FALSE(pit.take_rise(1us));
  pit.read(0, 10ms);
  pit.reset();
  EXPECT_EQ(pit.next_event(), std::nullopt);
  EXPECT_FALSE(pit.take_rise(1h));
  EXPECT_FALSE(pit.gate2());
}

TEST_F(I8254Test, ALatchedCountStaysUntilBothBytesAreRead) {
  start(0x34, 0x1200, pulse(0));
  write(control, 0x00, pulse(1));
  write(control, 0x00, pulse(2));
  EXPECT_EQ(read_word(0, pulse(9)), 0x1200u);
  EXPECT_EQ(read_word(0, pulse(9)), 0x1200u - 8);
}

TEST_F(I8254Test, CountsOfOneByte) {
  write(control, 0x14, pulse(0));
  write(0, 5, pulse(0));
  EXPECT_EQ(pit.read(0, pulse(1)), 5);
  EXPECT_EQ(pit.read(0, pulse(2)), 4);
  write(control, 0x64, pulse(2));
  write(1, 5, pulse(2));
  EXPECT_EQ(pit.read(1, pulse(3)), 5);
  EXPECT_EQ(pit.read(1, pulse(4)), 4);
  write(control, 0x40, pulse(4));
  EXPECT_EQ(pit.read(1, pulse(5)), 4);
  EXPECT_EQ(pit.read(1, pulse(300)), 3);
}

TEST_F(I8254Test, AControlWordStartsWithTheLowByteAndForgetsLatches) {
  start(0x34, 0x1234, pulse(0));
  pit.read(0, pulse(1));
  write(control, 0x00, pulse(1));
  write(control, 0xe2, pulse(1));
  write(control, 0x34, pulse(1));
  write(0, 0x78, pulse(1));
  write(control, 0x34, pulse(1));
  write_word(0, 0x3456, pulse(1));
  EXPECT_EQ(read_word(0, pulse(2)), 0x3456u);
}

TEST_F(I8254Test, TheCountIsTheOldOneUntilTheNextPulseOfTheClock) {
  start(0x30, 0x100, pulse(0));
  start(0x30, 0x200, pulse(0x11));
  EXPECT_EQ(read_word(0, pulse(0x11)), 0xf0u);
  EXPECT_EQ(read_word(0, pulse(0x12)), 0x200u);
}

TEST_F(I8254Test, ReadBackLatchesTheChannelsNamed) {
  start(0x34, 0x1111, pulse(0));
  start(0x74, 0x2222, pulse(0));
  start(0xb4, 0x3333, pulse(0));
  write(control, 0xd4, pulse(1));  // counts of channels 1, but not 0, and not 2's status
  write(control, 0xd8, pulse(1));
  EXPECT_EQ(read_word(0, pulse(3)), 0x1111u - 2);
  EXPECT_EQ(read_word(1, pulse(3)), 0x2222u);
  EXPECT_EQ(read_word(2, pulse(3)), 0x3333u);
}

TEST_F(I8254Test, ReadBackOfStatusAndCountGivesTheStatusFirst) {
  start(0x34, 0x1234, pulse(0));
  write(control, 0xc2, pulse(1));
  EXPECT_EQ(pit.read(0, pulse(5)), 0xb4);
  EXPECT_EQ(read_word(0, pulse(5)), 0x1234u);
  EXPECT_EQ(read_word(0, pulse(5)), 0x1234u - 4);
}

TEST_F(I8254Test, TheStatusTellsOfOutModeAndACountThatIsNotLoaded) {
  const auto status = [this](Time now) {
    write(control, 0xe2, now);
    return pit.read(0, now);
  };
  write(control, 0x31, pulse(0));
  EXPECT_EQ(status(pulse(0)), 0x71);
  write_word(0, 2, pulse(0));
  EXPECT_EQ(status(pulse(0)), 0x71);
  EXPECT_EQ(status(pulse(1)), 0x31);
  EXPECT_EQ(status(pulse(3)), 0xb1);
  start(0x3c, 10, pulse(4));
  EXPECT_EQ(status(pulse(5)), 0xbc);
  write_word(0, 8, pulse(6));
  EXPECT_EQ(status(pulse(14)), 0x7c);
  EXPECT_EQ(status(pulse(15)), 0xbc);
}

TEST_F(I8254Test, ALatchedStatusStaysUntilItIsRead) {
  start(0x30, 5, pulse(0));
  write(control, 0xe2, pulse(0));
  write(control, 0xe2, pulse(9));
  EXPECT_EQ(pit.read(0, pulse(9)), 0x70);
  write(control, 0xe2, pulse(9));
  EXPECT_EQ(pit.read(0, pulse(9)), 0xb0);
  EXPECT_EQ(read_word(0, pulse(12)), 0x10000u - 6);  // the count was not latched
}

TEST_F(I8254Test, TheControlWordCannotBeRead) {
  EXPECT_EQ(pit.read(control, 0ns), 0xff);
  EXPECT_EQ(pit.read(17, 0ns), 0xff);
  write(17, 0x30, 0ns);
  EXPECT_TRUE(pit.out(0, 0ns));
}

TEST_F(I8254Test, AGateOfChannel2) {
  start(0xb0, 0xffff, pulse(0));
  EXPECT_EQ(read_word(2, pulse(10)), 0xffffu);
  pit.set_gate2(true, pulse(10));
  EXPECT_TRUE(pit.gate2());
  EXPECT_EQ(read_word(2, pulse(11)), 0xfffeu);
  EXPECT_FALSE(pit.out(2, pulse(10 + 0xfffe)));
  EXPECT_TRUE(pit.out(2, pulse(10 + 0xffff)));
}

TEST_F(I8254Test, EachPeriodRisesOnce) {
  start(0x34, 1193, 0ns);
  EXPECT_FALSE(pit.take_rise(0ns));
  std::uint64_t rises = 0;
  for (Time now = *pit.next_event(); now <= 10s; now = *pit.next_event()) {
    ASSERT_FALSE(pit.take_rise(now - 1ns));
    ASSERT_TRUE(pit.take_rise(now));
    ASSERT_FALSE(pit.take_rise(now));
    ++rises;
  }
  EXPECT_EQ(rises, (10 * I8254::hertz - 1) / 1193);
}

TEST_F(I8254Test, RisesThatNobodyTookAreOneAndThePhaseIsKept) {
  start(0x36, 1000, pulse(0));
  EXPECT_TRUE(pit.take_rise(pulse(12'500)));
  EXPECT_FALSE(pit.take_rise(pulse(12'500)));
  EXPECT_FALSE(pit.take_rise(pulse(13'000)));
  EXPECT_TRUE(pit.take_rise(pulse(13'001)));
}

TEST_F(I8254Test, AnEventNotTakenIsInThePast) {
  start(0x34, 1000, pulse(0));
  EXPECT_LE(*pit.next_event(), pulse(1001));
  EXPECT_GT(*pit.next_event(), pulse(1000));
  pit.read(0, pulse(5000));
  EXPECT_LE(*pit.next_event(), pulse(5000));
  EXPECT_TRUE(pit.take_rise(pulse(5000)));
  EXPECT_GT(*pit.next_event(), pulse(5000));
}

TEST_F(I8254Test, AOneShotRisesOnce) {
  for (const unsigned word : {0x30u, 0x38u}) {
    const Time begin = pit.out(0, 0ns) ? 0ns : 1s;
    start(word, 100, begin);
    ASSERT_TRUE(pit.next_event());
    const Time rise = *pit.next_event();
    EXPECT_FALSE(pit.take_rise(rise - 1ns));
    EXPECT_TRUE(pit.take_rise(rise));
    EXPECT_EQ(pit.next_event(), std::nullopt);
    EXPECT_FALSE(pit.take_rise(rise + 1s));
  }
}

TEST_F(I8254Test, AWriteThatMakesOutHighIsARise) {
  write(control, 0x30, 1ms);
  EXPECT_FALSE(pit.out(0, 1ms));
  EXPECT_FALSE(pit.take_rise(1ms));
  write(control, 0x34, 2ms);
  EXPECT_LE(*pit.next_event(), 2ms);
  EXPECT_TRUE(pit.take_rise(2ms));
  EXPECT_FALSE(pit.take_rise(3ms));
}

TEST_F(I8254Test, ARiseBeforeAWriteOrAReadIsNotLost) {
  start(0x30, 100, pulse(0));
  start(0x30, 100, pulse(200));
  EXPECT_TRUE(pit.take_rise(pulse(200)));
  start(0x34, 100, pulse(200));
  EXPECT_TRUE(pit.take_rise(pulse(200)));
  write_word(0, 0x1000, pulse(210));
  pit.read(0, pulse(1000));  // the count of 0x1000 has taken over at pulse 301
  EXPECT_TRUE(pit.take_rise(pulse(1000)));
  EXPECT_FALSE(pit.take_rise(pulse(4000)));
}

TEST_F(I8254Test, AReadAfterANewCountHasTakenOverInventsNoRise) {
  start(0x36, 1000, pulse(0));
  write_word(0, 100, pulse(400));
  pit.read(0, pulse(510));  // the count of 100 begins with its low half at pulse 501
  EXPECT_FALSE(pit.take_rise(pulse(550)));
  EXPECT_TRUE(pit.take_rise(pulse(551)));
}

TEST_F(I8254Test, ATimeBeyondAllTimesIsTheLast) {
  pit.take_rise(Time::max());
  start(0x34, 0, Time::max());
  EXPECT_EQ(pit.next_event(), Time::max());
  EXPECT_EQ(read_word(0, -1ns), read_word(0, 0ns));
}

TEST_F(I8254Test, ARestoredTimerGoesOnAsTheSavedOneDid) {
  start(0x36, 1000, pulse(0));
  start(0x74, 2000, pulse(0));
  start(0xb6, 3000, pulse(0));
  write(0, 0x34, pulse(10));
  write(control, 0x80, pulse(20));
  pit.read(0, pulse(2000));
  const auto before = saved(pit);
  const auto next = pit.next_event();
  pit = I8254();
  restore(pit, before);
  EXPECT_EQ(saved(pit), before);
  EXPECT_EQ(pit.next_event(), next);
  EXPECT_TRUE(pit.take_rise(pulse(2000)));
  EXPECT_EQ(read_word(1, pulse(2500)), 2000u - 499);
  EXPECT_EQ(read_word(2, pulse(2500)), 3000u);
  EXPECT_THROW(restore(pit, std::span(before).first(before.size() - 1)), StateError);
}

TEST_F(I8254Test, AnyBytesAreAState) {
  restore(pit, std::vector<std::byte>(saved(pit).size(), std::byte{0xff}));
  read_word(0, 1s);
  pit.take_rise(1s);
  start(0x34, 1000, 1s);
  EXPECT_TRUE(pit.next_event());
}

TEST_F(I8254Test, AForeignStateWithoutASensibleEventDoesNotAskToBeLookedAtForever) {
  start(0x34, 1000, pulse(0));
  write_word(0, 1024, pulse(10));
  auto bytes = saved(pit);
  std::fill_n(bytes.begin() + offsetof(I8254Counter::State, next_from), 8, std::byte{0xff});
  restore(pit, bytes);
  pit.take_rise(pulse(5000));
  EXPECT_EQ(pit.next_event(), std::nullopt);
}

}  // namespace
}  // namespace gdbvm
