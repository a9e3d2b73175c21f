// Whether the debugger's steps go round in a loop that waits for something from outside, as for an interrupt.
#pragma once

#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// A CPU that comes back to the very registers it had before has made no progress. Steps hold interrupts off; once there
// have been many such rounds, one must be let in now and then. Counters in memory or registers are progress.
class StepSeries final {
 public:
  // After each step. true: let interrupts in before the next one.
  bool waits(const x86::GeneralRegisters& now) {
    if (now == anchor_) {
      steps_ = 0;
      return ++rounds_ >= patience;
    }
    if (++steps_ >= longest_round) {
      anchor_ = now;
      steps_ = rounds_ = 0;
    }
    return false;
  }

 private:
  static constexpr unsigned longest_round = 256, patience = 100;

  x86::GeneralRegisters anchor_{};
  unsigned steps_ = longest_round - 1;  // since the CPU last was as in anchor_; the first step sets that
  unsigned rounds_ = 0;
};

}  // namespace gdbvm
