// The 8254's counter against the data sheet's descriptions and waveforms of the six modes.
#include "i8254_counter_fixture.h"

namespace gdbvm {
namespace {

TEST_F(I8254CounterTest, Mode0IsHighWhenTheCountHasExpired) {
  control(low_byte | mode(0));
  EXPECT_FALSE(counter.out(now));
  write(4);
  EXPECT_EQ(next_pulses(7), "4_ 3_ 2_ 1_ 0^ ffff^ fffe^");
}

TEST_F(I8254CounterTest, Mode0CountsWhileTheGateIsHigh) {
  start(0, 3);
  EXPECT_EQ(next_pulses(2), "3_ 2_");
  gate(false);
  EXPECT_EQ(next_pulses(2), "2_ 2_");
  gate(true);
  EXPECT_EQ(next_pulses(3), "1_ 0^ ffff^");
  gate(false);
  EXPECT_EQ(next_pulses(2), "ffff^ ffff^");
}

TEST_F(I8254CounterTest, Mode0LoadsACountWithTheGateLow) {
  gate(false);
  start(0, 2);
  EXPECT_EQ(next_pulses(2), "2_ 2_");
  gate(true);
  EXPECT_EQ(next_pulses(2), "1_ 0^");
  gate(false);
  write(2);
  gate(true);
  EXPECT_EQ(next_pulses(3), "2_ 1_ 0^");
}

TEST_F(I8254CounterTest, Mode0StartsOverWithANewCount) {
  start(0, 3);
  EXPECT_EQ(next_pulses(2), "3_ 2_");
  write(2);
  EXPECT_EQ(next_pulses(3), "2_ 1_ 0^");
  write(1);
  EXPECT_FALSE(counter.out(now));
  EXPECT_EQ(next_pulses(2), "1_ 0^");
}

TEST_F(I8254CounterTest, Mode0StopsAtTheFirstOfTwoBytes) {
  control(both | mode(0));
  write(1);
  write(0);
  EXPECT_EQ(next_pulses(3), "1_ 0^ ffff^");
  write(2);
  EXPECT_EQ(next_pulses(2), "ffff_ ffff_");
  write(1);
  EXPECT_EQ(next_pulses(2), "102_ 101_");
}

TEST_F(I8254CounterTest, Mode1IsLowFromTheGatesRiseUntilTheCountExpires) {
  gate(false);
  start(1, 3);
  EXPECT_TRUE(counter.out(now));
  EXPECT_EQ(next_pulses(2), "0^ 0^");
  gate(true);
  EXPECT_EQ(next_pulses(5), "3_ 2_ 1_ 0^ ffff^");
  gate(false);
  EXPECT_EQ(next_pulses(1), "fffe^");
}

TEST_F(I8254CounterTest, Mode1CanBeTriggeredAgainAndThenTakesANewCount) {
  gate(false);
  start(1, 3);
  gate(true);
  EXPECT_EQ(next_pulses(2), "3_ 2_");
  write(5);
  gate(false);
  EXPECT_EQ(next_pulses(1), "1_");
  gate(true);
  EXPECT_EQ(next_pulses(6), "5_ 4_ 3_ 2_ 1_ 0^");
}

TEST_F(I8254CounterTest, ATriggersPulseLoadsTheCountThatIsThereByThen) {
  gate(false);
  start(1, 3);
  gate(true);
  gate(false);
  write(2);
  EXPECT_EQ(next_pulses(3), "2_ 1_ 0^");
}

TEST_F(I8254CounterTest, Mode1IsNotTriggeredBeforeItHasACount) {
  gate(false);
  start(1, 3);
  control(low_byte | mode(1));
  gate(true);
  EXPECT_EQ(next_pulses(3), "0^ 0^ 0^");
}

TEST_F(I8254CounterTest, Mode2IsLowForTheLastPulseOfEachPeriod) {
  start(2, 3);
  EXPECT_EQ(next_pulses(7), "3^ 2^ 1_ 3^ 2^ 1_ 3^");
}

TEST_F(I8254CounterTest, Mode2StartsOverWhenTheGateRises) {
  start(2, 3);
  EXPECT_EQ(next_pulses(2), "3^ 2^");
  gate(true);
  EXPECT_EQ(next_pulses(1), "1_");
  gate(false);
  EXPECT_TRUE(counter.out(now));
  EXPECT_EQ(next_pulses(2), "1^ 1^");
  gate(true);
  EXPECT_EQ(next_pulses(3), "3^ 2^ 1_");
}

TEST_F(I8254CounterTest, Mode2TakesANewCountAtTheEndOfThePeriod) {
  start(2, 4);
  EXPECT_EQ(next_pulses(2), "4^ 3^");
  write(5);
  write(3);
  EXPECT_EQ(next_pulses(6), "2^ 1_ 3^ 2^ 1_ 3^");
}

TEST_F(I8254CounterTest, Mode2TakesANewCountWhenTheGateRisesBefore) {
  start(2, 4);
  EXPECT_EQ(next_pulses(1), "4^");
  write(3);
  gate(false);
  EXPECT_EQ(next_pulses(4), "4^ 4^ 4^ 4^");
  gate(true);
  EXPECT_EQ(next_pulses(3), "3^ 2^ 1_");
}

TEST_F(I8254CounterTest, Mode2LoadsItsFirstCountWithTheGateLow) {
  gate(false);
  start(2, 3);
  EXPECT_EQ(next_pulses(2), "3^ 3^");
  write(5);
  EXPECT_EQ(next_pulses(2), "3^ 3^");
  gate(true);
  EXPECT_EQ(next_pulses(2), "5^ 4^");
}

TEST_F(I8254CounterTest, AGateThatClosesBeforeThePulseDoesNotPreventTheLoading) {
  start(2, 3);
  gate(false);
  EXPECT_EQ(next_pulses(2), "3^ 3^");
  write(4);
  gate(true);
  gate(false);
  EXPECT_EQ(next_pulses(2), "4^ 4^");
  start(0, 3);
  gate(true);
  gate(false);
  EXPECT_EQ(next_pulses(2), "3_ 3_");
}

TEST_F(I8254CounterTest, Mode3IsASquareWaveThatCountsByTwo) {
  start(3, 4);
  EXPECT_EQ(next_pulses(9), "4^ 2^ 4_ 2_ 4^ 2^ 4_ 2_ 4^");
}

TEST_F(I8254CounterTest, Mode3WithAnOddCountIsHighForOnePulseMore) {
  start(3, 5);
  EXPECT_EQ(next_pulses(11), "4^ 2^ 0^ 4_ 2_ 4^ 2^ 0^ 4_ 2_ 4^");
}

TEST_F(I8254CounterTest, Mode3StartsOverWhenTheGateRises) {
  start(3, 4);
  EXPECT_EQ(next_pulses(3), "4^ 2^ 4_");
  gate(false);
  EXPECT_TRUE(counter.out(now));
  EXPECT_EQ(next_pulses(1), "4^");
  gate(true);
  EXPECT_EQ(next_pulses(3), "4^ 2^ 4_");
}

TEST_F(I8254CounterTest, Mode3TakesANewCountAtTheEndOfTheHalfPeriod) {
  start(3, 4);
  EXPECT_EQ(next_pulses(1), "4^");
  write(6);
  EXPECT_EQ(next_pulses(7), "2^ 6_ 4_ 2_ 6^ 4^ 2^");
  EXPECT_EQ(next_pulses(1), "6_");
  write(2);
  EXPECT_EQ(next_pulses(5), "4_ 2_ 2^ 2_ 2^");
}

TEST_F(I8254CounterTest, Mode4IsLowForOnePulseWhenTheCountExpires) {
  start(4, 3);
  EXPECT_EQ(next_pulses(6), "3^ 2^ 1^ 0_ ffff^ fffe^");
}

TEST_F(I8254CounterTest, Mode4CountsWhileTheGateIsHigh) {
  gate(false);
  start(4, 2);
  EXPECT_EQ(next_pulses(2), "2^ 2^");
  gate(true);
  EXPECT_EQ(next_pulses(3), "1^ 0_ ffff^");
}

TEST_F(I8254CounterTest, Mode4StartsOverWithANewCountWhoseFirstByteStopsNothing) {
  control(both | mode(4));
  write(3);
  write(0);
  EXPECT_EQ(next_pulses(2), "3^ 2^");
  write(2);
  EXPECT_EQ(next_pulses(1), "1^");
  write(0);
  EXPECT_EQ(next_pulses(4), "2^ 1^ 0_ ffff^");
}

TEST_F(I8254CounterTest, Mode5IsLowForOnePulseAfterATrigger) {
  gate(false);
  start(5, 2);
  EXPECT_EQ(next_pulses(2), "0^ 0^");
  gate(true);
  EXPECT_EQ(next_pulses(2), "2^ 1^");
  gate(false);
  EXPECT_EQ(next_pulses(2), "0_ ffff^");
  gate(true);
  EXPECT_EQ(next_pulses(4), "2^ 1^ 0_ ffff^");
}

TEST_F(I8254CounterTest, Modes2And3HaveTwoNumbers) {
  start(6, 2);
  EXPECT_EQ(next_pulses(3), "2^ 1_ 2^");
  start(7, 2);
  EXPECT_EQ(next_pulses(3), "2^ 2_ 2^");
}

TEST_F(I8254CounterTest, ACountOf1CountsAs2WhereTheDataSheetForbidsIt) {
  start(2, 1);
  EXPECT_EQ(next_pulses(3), "2^ 1_ 2^");
  start(3, 1);
  EXPECT_EQ(next_pulses(3), "2^ 2_ 2^");
}

TEST_F(I8254CounterTest, ACountOf0IsTheLargest) {
  start(2, 0);
  EXPECT_EQ(next_pulses(2), "0^ ffff^");
  EXPECT_EQ(counter.next_rise(now), now - 1 + 65536);
  control(low_byte | mode(2) | bcd);
  write(0);
  EXPECT_EQ(next_pulses(2), "0^ 9999^");
  EXPECT_EQ(counter.next_rise(now), now - 1 + 10000);
}

TEST_F(I8254CounterTest, DecimalCountsBorrowBetweenDigits) {
  control(both | mode(0) | bcd);
  write(0x00);
  write(0x10);
  EXPECT_EQ(next_pulses(2), "1000_ 999_");
  now += 998;
  EXPECT_EQ(next_pulses(2), "0^ 9999^");
}

// Against the waveform itself: every mode and many counts.
TEST_F(I8254CounterTest, TheNextRiseIsWhereTheOutputRises) {
  for (unsigned number = 0; number < 6; ++number) {
    for (const unsigned count : {1u, 2u, 3u, 8u, 9u}) {
      gate(false);
      start(number, count);
      gate(true);
      for (unsigned i = 0; i < 40; ++i) {
        if (i == 5) write(7);
        const auto rise = counter.next_rise(now);
        auto seen = now + 1;
        while (seen < now + 60 && (counter.out(seen - 1) || !counter.out(seen))) ++seen;
        ASSERT_EQ(rise.value_or(now + 60), seen) << number << ' ' << count << ' ' << i;
        ++now;
      }
    }
  }
}

}  // namespace
}  // namespace gdbvm
