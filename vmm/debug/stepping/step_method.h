// How a kind of host is made to execute exactly one instruction.
#pragma once

#include <array>
#include <memory>

#include "vmm/debug/stepping/step_run.h"
#include "vmm/debug/stops/host_stops.h"

namespace gdbvm {

class StepMethod {
 public:
  virtual ~StepMethod() = default;
  // Executes the instruction that the run's vCPU stands on; repeatable while nothing has been done.
  virtual StepResult step(StepRun& run) const = 0;
  // The guest's own TF does not come through it.
  virtual bool covers_trap_flag() const = 0;
  // How often a step is repeated that another trap, due before it, has answered for.
  virtual unsigned repeats() const = 0;
};

// What the probe found, as the stepper acts on it. Chosen once for a host.
class HostStepping final {
 public:
  explicit HostStepping(const HostStops& host);

  const StepMethod& method(HostStops::Mode mode) const { return *methods_[mode]; }
  // A debug register stops a CPU at an instruction.
  bool stops_at_address(HostStops::Mode mode) const { return stops_at_address_[mode]; }
  // A step's trap may come once more, when the guest next runs.
  bool leaves_trap() const { return leaves_trap_; }
  // What failed with a triple fault can be tried once more.
  bool shutdown_keeps_state() const { return shutdown_keeps_state_; }

 private:
  std::array<std::shared_ptr<const StepMethod>, HostStops::mode_count> methods_;
  std::array<bool, HostStops::mode_count> stops_at_address_;
  bool leaves_trap_, shutdown_keeps_state_;
};

}  // namespace gdbvm
