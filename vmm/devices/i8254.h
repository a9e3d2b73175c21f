// A PC's interval timer: an Intel 8254 with a clock of 1,193,182 Hz.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "vmm/devices/i8254_counter.h"
#include "vmm/devices/state.h"
#include "vmm/x86/interval_timer.h"

namespace gdbvm {

// Pure: no lock and no thread, and time is an argument: since the machine's start, never negative, never less than in
// the call before. Pulses are counted from time 0, so there is no drift.
//
// Channel 0 drives IRQ 0, whose controller wants edges. At next_event() or any time after it, and after each write, the
// owner calls take_rise(); if that is true, it sets the line low and then high, whatever out() says: OUT's low time may
// be a single pulse, long over or still to come. Rises that nobody took in time count as one, and the next one comes
// when it would have come anyway. A write may also make OUT low: after one, if !out(0, now), the line is set low.
class I8254 final {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr std::uint64_t hertz = 1'193'182;
  static constexpr unsigned channels = 3;

  I8254() { reset(); }
  // No channel counts and nothing rises until it is programmed. Channel 2's gate is low, the others' always high.
  void reset();

  // `offset`: 0 to 2 a channel's count, 3 the control word.
  std::uint8_t read(unsigned offset, Time time);
  void write(unsigned offset, std::uint8_t value, Time time);

  bool gate2() const { return counters_[2].gate(); }
  void set_gate2(bool gate, Time now);
  bool out(unsigned channel, Time now) const;
  // For people.
  x86::IntervalTimerChannel look(unsigned channel, Time now) const;

  // Has OUT of channel 0 gone from low to high since the last call?
  bool take_rise(Time now);
  // When take_rise() will be true next; in the past if it already is. nullopt: not before another write.
  std::optional<Time> next_event() const;

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  using Pulse = I8254Counter::Pulse;
  void write_control(std::uint8_t word, Pulse now);
  void read_back(std::uint8_t command, Pulse now);
  // Of channel 0, the first after looked_.
  std::optional<Pulse> next_rise() const;
  // Notes channel 0's rises up to and including `now`. Called before the counter is, as that may forget them.
  void look_for_rises(Pulse now);

  std::array<I8254Counter, channels> counters_;
  Pulse looked_ = 0;    // channel 0's rises up to here are noted
  bool risen_ = false;  // one of them has not been taken
};

}  // namespace gdbvm
