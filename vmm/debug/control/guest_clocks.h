// The guest's clocks stand still while the debugger has stopped it.
#pragma once

#include <chrono>
#include <optional>

#include "vmm/machine/machine.h"

namespace gdbvm {

// From the moment the last vCPU parks until the first one runs again. The machine's own time stands exactly. What
// counts the host's time in the guest, the TSCs and kvmclock, is set back afterwards, but only once there is enough to
// be worth the ioctls: a series of single steps costs two looks at the host's clock each. How far they may be ahead, by
// stops not taken back yet, is `worth_it`.
class GuestClocks final {
 public:
  static constexpr std::chrono::milliseconds worth_it{10};

  explicit GuestClocks(Machine& machine) : machine_(machine) {}

  // The last running vCPU has parked.
  void stopped();
  // The first vCPU is about to run. No vCPU is running, and all belong to the caller.
  void resumes();

 private:
  Machine& machine_;
  std::optional<Clock::HostTime> stopped_at_;
  std::chrono::nanoseconds unseen_{0};  // to be taken back
};

}  // namespace gdbvm
