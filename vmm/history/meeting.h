// Where the guest meets the machine at a place that it comes to by itself.
#pragma once

#include <cstdint>

#include "vmm/machine/clock.h"

namespace gdbvm::history {

// The place is the same whenever the guest runs again, so that only the time is to be kept: what the chips have by then
// follows from it.
struct Meeting {
  enum class Kind : std::uint64_t {
    Access,  // of ports or device memory, which the machine answers
    Halt,    // the guest has executed a hlt
    Wait     // the machine has looked at its time there
  };
  std::uint64_t time : 61 = 0;  // ns, the machine's
  Kind kind : 2 = Kind::Access;
  std::uint64_t delivers : 1 = 0;  // an interrupt or NMI is taken there, before the next instruction

  Meeting() = default;
  Meeting(Clock::Time at, Kind of, bool taken = false)
      : time(static_cast<std::uint64_t>(at.count())), kind(of), delivers(taken) {}
  Clock::Time at() const { return Clock::Time(static_cast<Clock::Time::rep>(time)); }
  bool operator==(const Meeting&) const = default;
};

}  // namespace gdbvm::history
