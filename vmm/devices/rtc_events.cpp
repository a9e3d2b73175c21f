#include "vmm/devices/rtc_events.h"

#include <algorithm>

namespace gdbvm::rtc {

using std::chrono::seconds;

unsigned frequency_of(std::uint8_t status_a) {
  constexpr unsigned time_base = 32768;
  const unsigned divider = status_a >> 4 & 7, rate = status_a & 0xf;
  if (divider != 2 || rate == 0) return 0;
  if (rate <= 2) return 512u >> rate;  // 1 and 2 are the same as 8 and 9
  return time_base >> (rate - 1);
}

namespace {

// Rounded up: an event has happened once its microsecond has begun.
Time next_tick(unsigned frequency, Time from) {
  const auto second = std::chrono::floor<seconds>(from);
  const auto within = static_cast<std::uint64_t>((from - second).count());
  const std::uint64_t ticks = within * frequency / 1'000'000 + 1;
  const auto at = [&](std::uint64_t tick) {
    return Time(second) + std::chrono::microseconds((tick * 1'000'000 + frequency - 1) / frequency);
  };
  return at(ticks) > from ? at(ticks) : at(ticks + 1);
}

bool matches(const std::optional<unsigned>& wanted, long value) { return !wanted || *wanted == value; }

bool possible(const Alarm& alarm) {
  return alarm.hour.value_or(0) < 24 && alarm.minute.value_or(0) < 60 && alarm.second.value_or(0) < 60;
}

// From field to field, so that a day is searched in at most 24 + 60 + 60 steps.
std::optional<Time> next_alarm(const Alarm& alarm, Time from) {
  if (!possible(alarm)) return std::nullopt;
  using std::chrono::floor, std::chrono::hours, std::chrono::minutes;
  auto at = floor<seconds>(from) + seconds(1);
  const auto end = at + hours(24);
  while (at < end) {
    const std::chrono::hh_mm_ss clock(at - floor<std::chrono::days>(at));
    if (!matches(alarm.hour, clock.hours().count())) {
      at = floor<hours>(at) + hours(1);
    } else if (!matches(alarm.minute, clock.minutes().count())) {
      at = floor<minutes>(at) + minutes(1);
    } else if (!matches(alarm.second, clock.seconds().count())) {
      at += seconds(1);
    } else {
      return Time(at);
    }
  }
  return std::nullopt;
}

std::optional<Time> next_of(const Schedule& schedule, Time from, std::uint8_t event) {
  if (event == periodic) {
    return schedule.frequency ? std::optional(next_tick(schedule.frequency, from)) : std::nullopt;
  }
  if (!schedule.updates) return std::nullopt;
  if (event == alarm) return next_alarm(schedule.alarm, from);
  return Time(std::chrono::floor<seconds>(from) + seconds(1));
}

}  // namespace

std::uint8_t events_between(const Schedule& schedule, Time from, Time to) {
  std::uint8_t flags = 0;
  for (const std::uint8_t event : {periodic, alarm, update_ended}) {
    const auto next = next_of(schedule, from, event);
    if (next && (*next <= to || to < from)) flags |= event;
  }
  return flags;
}

std::optional<Time> next_event(const Schedule& schedule, Time from, std::uint8_t wanted) {
  std::optional<Time> first;
  for (const std::uint8_t event : {periodic, alarm, update_ended}) {
    const auto next = wanted & event ? next_of(schedule, from, event) : std::nullopt;
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

}  // namespace gdbvm::rtc
