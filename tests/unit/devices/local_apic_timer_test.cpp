// The local APIC's timer: one-shot, periodic, late hosts, dividers.
#include "tests/unit/devices/local_apic_fixture.h"

namespace gdbvm {
namespace {

class LocalApicTimerTest : public LocalApicTest {
 protected:
  static constexpr std::uint32_t periodic = 1u << 17, tsc_deadline = 1u << 18, undivided = 0xb, by_16 = 3;
  static constexpr std::uint8_t vector = 0x40;

  LocalApicTimerTest() {
    now_ = 5'000ns;
    set(lapic::timer_divide, undivided);
  }
  void start(std::uint32_t mode, std::uint32_t count) {
    set(lapic::lvt_timer, mode | vector);
    set(lapic::timer_initial, count);
  }
  void pass(LocalApic::Time time) {
    now_ += time;
    apic_.advance(now_);
  }
  // Whether the timer has interrupted; it may do so again.
  bool take() {
    if (apic_.pending() != vector) return false;
    apic_.acknowledge();
    end_of_interrupt();
    return true;
  }
};

TEST_F(LocalApicTimerTest, AOneShotEndsOnce) {
  start(0, 1000);
  EXPECT_EQ(apic_.next_event(), 6'000ns);
  pass(999ns);
  EXPECT_EQ(get(lapic::timer_current), 1u);
  EXPECT_FALSE(take());
  pass(1ns);
  EXPECT_TRUE(take());
  EXPECT_EQ(get(lapic::timer_current), 0u);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  pass(1h);
  EXPECT_FALSE(take());
}

TEST_F(LocalApicTimerTest, APeriodicOneBeginsAgain) {
  start(periodic, 1000);
  pass(1000ns);
  EXPECT_TRUE(take());
  EXPECT_EQ(get(lapic::timer_current), 1000u);
  EXPECT_EQ(apic_.next_event(), 7'000ns);
  pass(1000ns);
  EXPECT_TRUE(take());
}

TEST_F(LocalApicTimerTest, LateHostsMergePeriodsAndKeepThePhase) {
  start(periodic, 1000);
  pass(3'456ns);
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
  EXPECT_EQ(get(lapic::timer_current), 544u);
  EXPECT_EQ(apic_.next_event(), 9'000ns);
}

TEST_F(LocalApicTimerTest, AnUnacknowledgedRequestNeedsNoFurtherEvent) {
  start(periodic, 1);
  pass(10ns);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  apic_.acknowledge();
  EXPECT_EQ(apic_.next_event(), now_ + 1ns);
}

TEST_F(LocalApicTimerTest, AnIllegalVectorIsReportedOnceAndNeedsNoFurtherEvent) {
  set(lapic::lvt_timer, periodic | 3);
  set(lapic::timer_initial, 1);
  EXPECT_EQ(apic_.next_event(), now_ + 1ns);
  pass(10ns);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  set(lapic::errors, 0);
  EXPECT_EQ(get(lapic::errors), 0x40u);
}

TEST_F(LocalApicTimerTest, AMaskedOneCountsAndInterruptsNobody) {
  start(periodic | masked, 1000);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  now_ += 1'600ns;
  EXPECT_EQ(get(lapic::timer_current), 400u);
  set(lapic::lvt_timer, periodic | vector);
  EXPECT_FALSE(take());
  EXPECT_EQ(apic_.next_event(), now_ + 400ns);
}

TEST_F(LocalApicTimerTest, WhatIsDueHappensBeforeTheRegistersAreAccessed) {
  start(0, 1000);
  now_ += 1000ns;
  set(lapic::lvt_timer, masked | vector);
  EXPECT_TRUE(requested(vector));
  start(0, 1000);
  take();
  now_ += 1000ns;
  EXPECT_EQ(get(lapic::requests + 0x20), 1u);
}

TEST_F(LocalApicTimerTest, TheMonitorsCountIsExactToo) {
  start(periodic, 1000);
  now_ += 1'250ns;
  EXPECT_EQ(apic_.registers(now_).at(lapic::timer_current), 750u);
}

TEST_F(LocalApicTimerTest, EachDividerIsWhatItsBitsSay) {
  const std::pair<std::uint32_t, unsigned> dividers[] = {{0, 2},  {1, 4},  {2, 8},    {3, 16},
                                                         {8, 32}, {9, 64}, {10, 128}, {11, 1}};
  for (const auto& [bits, divider] : dividers) {
    set(lapic::timer_divide, bits | 0xf4);
    EXPECT_EQ(get(lapic::timer_divide), bits);
    start(0, 0xffffffff);
    EXPECT_EQ(apic_.next_event(), now_ + 0xffffffffns * divider);
    now_ += 10ns * divider;
    EXPECT_EQ(get(lapic::timer_current), 0xfffffff5u) << divider;
  }
}

TEST_F(LocalApicTimerTest, ADividerChangesTheRestOfTheCountOnly) {
  start(periodic, 1000);
  now_ += 400ns;
  set(lapic::timer_divide, by_16);
  EXPECT_EQ(get(lapic::timer_current), 600u);
  EXPECT_EQ(apic_.next_event(), now_ + 9'600ns);
  pass(9'600ns);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  EXPECT_TRUE(take());
  EXPECT_EQ(apic_.next_event(), now_ + 16'000ns);
}

TEST_F(LocalApicTimerTest, AModeChangesWhatHappensAtTheEnd) {
  start(0, 1000);
  set(lapic::lvt_timer, periodic | vector);
  pass(1000ns);
  EXPECT_TRUE(take());
  set(lapic::lvt_timer, vector);
  pass(1000ns);
  EXPECT_TRUE(take());
  EXPECT_EQ(apic_.next_event(), std::nullopt);
}

TEST_F(LocalApicTimerTest, AnInitialCountOfZeroStopsIt) {
  start(periodic, 1000);
  set(lapic::timer_initial, 0);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  EXPECT_EQ(get(lapic::timer_current), 0u);
}

TEST_F(LocalApicTimerTest, TheTscDeadlineModeIsNoTimer) {
  start(periodic, 1000);
  set(lapic::lvt_timer, tsc_deadline | vector);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
  set(lapic::timer_initial, 1000);
  EXPECT_EQ(get(lapic::timer_initial), 0u);
  EXPECT_EQ(get(lapic::timer_current), 0u);
  set(lapic::lvt_timer, vector);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
}

TEST_F(LocalApicTimerTest, InitStopsIt) {
  start(periodic, 1000);
  apic_.init();
  set(lapic::spurious, 0x1ff);
  set(lapic::lvt_timer, vector);
  EXPECT_EQ(apic_.next_event(), std::nullopt);
}

}  // namespace
}  // namespace gdbvm
