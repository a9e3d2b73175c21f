// A counter for its tests, and what it does in the next pulses as the data sheet's waveforms show it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "vmm/devices/i8254_counter.h"

namespace gdbvm {

inline constexpr unsigned low_byte = 0x10, high_byte = 0x20, both = 0x30, bcd = 1;
constexpr unsigned mode(unsigned number) { return number << 1; }

class I8254CounterTest : public testing::Test {
 protected:
  I8254CounterTest() { counter.reset(true); }

  void control(unsigned word) { counter.write_control(static_cast<std::uint8_t>(word), now); }
  void write(unsigned value) { counter.write(static_cast<std::uint8_t>(value), now); }
  void gate(bool level) { counter.set_gate(level, now); }
  void start(unsigned number, unsigned count) {
    control(low_byte | mode(number));
    write(count);
  }
  // Both bytes, read from a copy so that this one has not been looked at.
  unsigned count() const {
    I8254Counter copy = counter;
    I8254Counter::State state = copy.state();
    state.control |= both;
    state.reads_high = 0;
    copy.restore(state);
    const unsigned low = copy.read(now);
    return low | static_cast<unsigned>(copy.read(now)) << 8;
  }
  // After each of the next pulses the count, and OUT: ^ high, _ low.
  std::string next_pulses(unsigned pulses) {
    std::string text;
    for (unsigned i = 0; i < pulses; ++i) {
      ++now;
      text += fmt::format("{}{:x}{}", i == 0 ? "" : " ", count(), counter.out(now) ? '^' : '_');
    }
    return text;
  }

  I8254Counter counter;
  I8254Counter::Pulse now = 100;
};

}  // namespace gdbvm
