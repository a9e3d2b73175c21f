// A way through the machine's past of which nobody is told but whoever has asked for it.
#pragma once

#include <memory>
#include <optional>

#include "gdbstub/types.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/history/traveller.h"

namespace gdbvm {

// On the debugger's thread. Destroyed before its end it is broken off, and the machine is where it was.
class Journey final {
 public:
  using Travel = std::function<history::Arrival()>;

  // The only CPU, which is parked, does that. `keeps`: what the travel needs, until the end of this.
  Journey(RunControl& control, Travel travel, std::shared_ptr<void> keeps = nullptr);
  ~Journey() { control_.break_off_quietly(); }
  Journey(const Journey&) = delete;
  Journey& operator=(const Journey&) = delete;

  // Waits for its end, but not for longer than a piece of work may take. nullopt: not yet. An error: the host failed.
  std::optional<gdbstub::Result<history::Arrival>> arrived();

 private:
  RunControl& control_;
  const std::shared_ptr<void> keeps_;
  // Shared with the vCPU's thread, which writes it before the end.
  const std::shared_ptr<gdbstub::Result<history::Arrival>> arrival_;
};
using JourneyPtr = std::unique_ptr<Journey>;

}  // namespace gdbvm
