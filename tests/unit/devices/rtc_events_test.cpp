// The real-time clock's events: rates, the next of each kind, clocks that jump.
#include "vmm/devices/rtc_events.h"

#include <gtest/gtest.h>

namespace gdbvm::rtc {
namespace {

using namespace std::chrono_literals;

constexpr Time noon = std::chrono::sys_days{std::chrono::year(2026) / 11 / 22} + 12h;

TEST(RtcEvents, Rates) {
  EXPECT_EQ(frequency_of(0x26), 1024u);
  EXPECT_EQ(frequency_of(0x23), 8192u);
  EXPECT_EQ(frequency_of(0x2f), 2u);
  EXPECT_EQ(frequency_of(0x21), 256u);
  EXPECT_EQ(frequency_of(0x22), 128u);
  EXPECT_EQ(frequency_of(0x20), 0u);
  EXPECT_EQ(frequency_of(0x66), 0u);  // the divider is held
}

TEST(RtcEvents, EverySecondHasAsManyTicksAsTheFrequencySays) {
  for (const unsigned frequency : {2u, 1024u, 8192u}) {
    unsigned ticks = 0;
    const Schedule schedule{.frequency = frequency, .updates = true, .alarm = {}};
    for (auto at = next_event(schedule, noon, periodic); *at <= noon + 1s; at = next_event(schedule, *at, periodic)) {
      ASSERT_EQ(events_between(schedule, *at - 1us, *at), *at == noon + 1s ? all_events : periodic);
      ++ticks;
    }
    EXPECT_EQ(ticks, frequency);
  }
}

TEST(RtcEvents, AnAlarmIsAnyMatchingSecond) {
  const Schedule each_minute{.alarm = {.hour = {}, .minute = {}, .second = 5}};
  EXPECT_EQ(next_event(each_minute, noon + 5s, alarm), noon + 65s);
  const Schedule morning{.alarm = {.hour = 11, .minute = 59, .second = 59}};
  EXPECT_EQ(next_event(morning, noon, alarm), noon + 24h - 1s);
  const Schedule now{.alarm = {.hour = 12, .minute = 0, .second = 0}};
  EXPECT_EQ(next_event(now, noon, alarm), noon + 24h);
  for (const Alarm& never : {Alarm{24, {}, {}}, Alarm{{}, 60, {}}, Alarm{{}, {}, 60}}) {
    EXPECT_EQ(next_event({.frequency = 0, .updates = true, .alarm = never}, noon, alarm), std::nullopt);
  }
}

TEST(RtcEvents, WithoutUpdatesThereIsNoAlarmEither) {
  EXPECT_EQ(next_event({.frequency = 0, .updates = false, .alarm = {}}, noon, all_events), std::nullopt);
  EXPECT_EQ(events_between({.frequency = 2, .updates = false, .alarm = {}}, noon, noon + 5s), periodic);
}

TEST(RtcEvents, TheFirstOfThoseWanted) {
  const Schedule schedule{.frequency = 2, .updates = true, .alarm = {.hour = {}, .minute = {}, .second = 0}};
  EXPECT_EQ(next_event(schedule, noon, all_events), noon + 500ms);
  EXPECT_EQ(next_event(schedule, noon, alarm | update_ended), noon + 1s);
  EXPECT_EQ(next_event(schedule, noon, 0), std::nullopt);
}

TEST(RtcEvents, AClockSetBackDoesNotHoldTheInterruptsUp) {
  EXPECT_EQ(events_between({.frequency = 1024, .updates = true, .alarm = {}}, noon, noon - 1h) & periodic, periodic);
}

}  // namespace
}  // namespace gdbvm::rtc
