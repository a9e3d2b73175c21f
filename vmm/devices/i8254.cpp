// The timer's ports, its clock, and channel 0's rises.
#include "vmm/devices/i8254.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gdbvm {

namespace {

using Time = I8254::Time;
constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;
constexpr unsigned control_offset = 3;

struct SavedState {
  std::array<I8254Counter::State, I8254::channels> counters;
  std::uint64_t looked, risen;
};

// Whole seconds apart: then 64 bits are enough for all of Time.
I8254Counter::Pulse pulses_until(Time time) {
  const auto whole = static_cast<std::uint64_t>(std::max(time.count(), Time::rep{0}));
  const std::uint64_t seconds = whole / nanoseconds_per_second, rest = whole % nanoseconds_per_second;
  return seconds * I8254::hertz + rest * I8254::hertz / nanoseconds_per_second;
}

// The first nanosecond of that pulse; the last one there is for pulses beyond it.
Time time_of(I8254Counter::Pulse pulse) {
  constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<Time::rep>::max());
  const std::uint64_t seconds = pulse / I8254::hertz, rest = pulse % I8254::hertz;
  if (seconds >= last / nanoseconds_per_second) return Time::max();
  const std::uint64_t part = (rest * nanoseconds_per_second + I8254::hertz - 1) / I8254::hertz;
  return Time(static_cast<Time::rep>(seconds * nanoseconds_per_second + part));
}

}  // namespace

void I8254::reset() {
  for (unsigned channel = 0; channel < channels; ++channel) counters_[channel].reset(channel != 2);
  risen_ = false;
}

std::uint8_t I8254::read(unsigned offset, Time time) {
  const Pulse now = pulses_until(time);
  look_for_rises(now);
  return offset < channels ? counters_[offset].read(now) : std::uint8_t{0xff};
}

void I8254::write(unsigned offset, std::uint8_t value, Time time) {
  const Pulse now = pulses_until(time);
  look_for_rises(now);
  const bool was_high = counters_[0].out(now);
  if (offset < channels) {
    counters_[offset].write(value, now);
  } else if (offset == control_offset) {
    write_control(value, now);
  }
  if (!was_high && counters_[0].out(now)) risen_ = true;
}

void I8254::write_control(std::uint8_t word, Pulse now) {
  const unsigned channel = word >> 6;
  if (channel == channels) {
    read_back(word, now);
  } else if (word & 0x30) {
    counters_[channel].write_control(word, now);
  } else {
    counters_[channel].latch_count(now);
  }
}

void I8254::read_back(std::uint8_t command, Pulse now) {
  for (unsigned channel = 0; channel < channels; ++channel) {
    if (!(command >> 1 & 1u << channel)) continue;
    if (!(command & 0x20)) counters_[channel].latch_count(now);
    if (!(command & 0x10)) counters_[channel].latch_status(now);
  }
}

void I8254::set_gate2(bool gate, Time now) { counters_[2].set_gate(gate, pulses_until(now)); }

bool I8254::out(unsigned channel, Time now) const { return counters_[channel % channels].out(pulses_until(now)); }

x86::IntervalTimerChannel I8254::look(unsigned channel, Time time) const {
  const Pulse now = pulses_until(time);
  const I8254Counter& counter = counters_[channel % channels];
  return {.mode = counter.mode(),
          .access = counter.access(),
          .decimal = counter.decimal(),
          .reload = counter.state().reload,
          .count = counter.count(now),
          .counting = counter.counting(now),
          .gate = counter.gate(),
          .out = counter.out(now)};
}

// A foreign state may have pulses so late that the count of them wraps; what comes then is no event, over and over.
std::optional<I8254::Pulse> I8254::next_rise() const {
  const auto rise = counters_[0].next_rise(looked_);
  return rise && *rise > looked_ ? rise : std::nullopt;
}

void I8254::look_for_rises(Pulse now) {
  const auto rise = next_rise();
  if (rise && *rise <= now) risen_ = true;
  looked_ = now;
}

bool I8254::take_rise(Time now) {
  look_for_rises(pulses_until(now));
  return std::exchange(risen_, false);
}

std::optional<I8254::Time> I8254::next_event() const {
  if (risen_) return time_of(looked_);
  const auto rise = next_rise();
  if (!rise) return {};
  return time_of(*rise);
}

void I8254::save(StateWriter& writer) const {
  writer.put(SavedState{.counters = {counters_[0].state(), counters_[1].state(), counters_[2].state()},
                        .looked = looked_,
                        .risen = risen_});
}

void I8254::restore(StateReader& reader) {
  const auto saved = reader.get<SavedState>();
  for (unsigned channel = 0; channel < channels; ++channel) counters_[channel].restore(saved.counters[channel]);
  looked_ = saved.looked;
  risen_ = saved.risen != 0;
}

}  // namespace gdbvm
