// How long a step takes in the guest's time.
#pragma once

#include <chrono>

#include "vmm/machine/clock.h"

namespace gdbvm {

// Where nothing but steps can stop the guest: each takes it `per_step`, whatever the host needs for it. That is a
// thousand times as long as an instruction takes by itself; counted in full, the guest would have a timer's interrupt
// after every few instructions, and do nothing but handle them. Between two steps the clock stands, until the CPU runs
// or waits. No vCPU is in a turn. The TSC goes on: the guest has seen it.
class StepTime final {
 public:
  static constexpr std::chrono::microseconds per_step{10};

  explicit StepTime(Clock& clock) : clock_(clock) { clock_.stop(); }
  ~StepTime() { clock_.set(clock_.now() + per_step); }
  StepTime(const StepTime&) = delete;
  StepTime& operator=(const StepTime&) = delete;

 private:
  Clock& clock_;
};

}  // namespace gdbvm
