// The guest under debug as the threads of its vCPUs share it.
#pragma once

#include <functional>

#include "gdbstub/hit_action.h"
#include "vmm/debug/control/guest_gate.h"
#include "vmm/debug/control/patrol.h"
#include "vmm/debug/linux/slide_watch.h"
#include "vmm/debug/stepping/stepper.h"
#include "vmm/debug/stops/armed_stops.h"
#include "vmm/debug/stops/one_shots.h"
#include "vmm/machine/exit_counts.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

// Evaluates a breakpoint's action on the vCPU's thread (see gdbstub::HitAction).
using ActionRunner = std::function<gdbstub::Verdict(const gdbstub::HitAction&, Vcpu&)>;

// Read in turns, changed in exclusive sections only (see GuestGate).
struct DebuggedGuest {
  DebuggedGuest(Machine& m, const HostStops& host, ActionRunner runner);
  DebuggedGuest(const DebuggedGuest&) = delete;
  DebuggedGuest& operator=(const DebuggedGuest&) = delete;

  // How often the patrol shall look at a free run of this CPU, which stood still at the last kicks or not.
  Patrol::Looks looks_at(Vcpu& vcpu, bool stands_still) const;

  // RAM has been replaced as a whole.
  void memory_replaced();
  // What is to be passed once is looked for again. In an exclusive section, as the one before.
  void plant_one_shots(Vcpu& vcpu);

  Machine& machine;
  ActionRunner run_action;
  SoftwareBreakpoints planted;
  GuestView view;
  StopTable stops;
  ArmedStops armed;
  OneShots one_shots;
  ExitCounts exits;
  Stepper stepper;
  GuestGate gate;
  Patrol patrol;
  SlideWatch slide;
};

}  // namespace gdbvm
