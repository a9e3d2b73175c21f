// The guest's clocks stand still while the debugger has stopped it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "vmm/machine/machine.h"

namespace gdbvm {

// Time that the guest must not see: from the moment the last vCPU parks until the first one runs again. It is taken
// back from the machine's clocks, but only once there is enough of it to be worth the ioctls, so that a series of
// single steps costs two looks at the host's clock each. How far the guest's clocks may be ahead, by stops not taken
// back yet, is `worth_it`. The RTC keeps the host's time; interval timers fire at most once in a stop.
class GuestClocks final {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds worth_it{10};

  explicit GuestClocks(Machine& machine, std::function<Clock::time_point()> now = Clock::now)
      : machine_(machine), now_(std::move(now)) {}

  // The last running vCPU has parked.
  void stopped() { stopped_at_ = now_(); }
  // The first vCPU is about to run. No vCPU is running, and all belong to the caller.
  void resumes();

 private:
  Machine& machine_;
  std::function<Clock::time_point()> now_;
  std::optional<Clock::time_point> stopped_at_;  // none before the guest has run at all
  std::chrono::nanoseconds unseen_{0};           // to be taken back
};

}  // namespace gdbvm
