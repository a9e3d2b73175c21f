// The count of a local APIC's timer (SDM vol. 3, 11.5.4): what is left of it at any time, and when it runs out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "vmm/devices/state.h"

namespace gdbvm {

class ApicTimer final {
 public:
  using Time = std::chrono::nanoseconds;  // since the machine's start
  // What the registers say. Before it is divided by 2 to the power of `shift` (see x86::lapic::timer_shift()), the
  // timer's clock ticks each nanosecond.
  struct Setup {
    std::uint32_t initial;
    unsigned shift;
    bool periodic;
  };

  // 0: the timer stops.
  void start(std::uint32_t count, Time now);
  // Before the divider changes: the rest is counted in the new ticks, the first of which begins now.
  void rebase(const Setup& setup, Time now);
  std::uint32_t remaining(const Setup& setup, Time now) const;
  std::optional<Time> expiry(const Setup& setup) const;
  // Whether the count has run out by `now`: once, however many periods have passed. The next one ends where it would
  // have ended without the delay.
  bool advance(const Setup& setup, Time now);

  void save(StateWriter& writer) const { writer.put(state_); }
  void restore(StateReader& reader);

 private:
  struct State {
    std::int64_t since = 0;   // nanoseconds
    std::uint64_t count = 0;  // a 32-bit number; what was left then, 0: stopped
  };
  State state_;
};

}  // namespace gdbvm
