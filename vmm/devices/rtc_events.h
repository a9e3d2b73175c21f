// When the real-time clock's three interrupts come due (MC146818A data sheet, "Interrupts"). Pure: no clock, no state.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace gdbvm::rtc {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

// Bits of status B (enables) and C (flags).
inline constexpr std::uint8_t periodic = 0x40, alarm = 0x20, update_ended = 0x10;
inline constexpr std::uint8_t all_events = periodic | alarm | update_ended;

// The alarm's registers as plain numbers; nullopt: any ("don't care", 0xc0 to 0xff).
struct Alarm {
  std::optional<unsigned> hour, minute, second;
};

struct Schedule {
  unsigned frequency = 0;  // of the periodic event: a power of two up to 8192 Hz; 0: never
  bool updates = true;     // the clock runs: there are updates and alarms
  Alarm alarm;
};

// Of the periodic event, by status A's divider (bits 6-4) and rate (bits 3-0), with the 32.768 kHz time base.
unsigned frequency_of(std::uint8_t status_a);

// The flags of what has happened after `from`, up to and including `to`. A clock that was set back in between counts as
// one that ran on to the next event.
std::uint8_t events_between(const Schedule& schedule, Time from, Time to);

// The first moment after `from` at which one of the `wanted` events happens.
std::optional<Time> next_event(const Schedule& schedule, Time from, std::uint8_t wanted);

}  // namespace gdbvm::rtc
