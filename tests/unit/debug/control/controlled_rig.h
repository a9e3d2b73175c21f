// The rig's machine under run control: what a debugger does to it, and the stops that it reports.
#pragma once

#include "tests/unit/debug/rig.h"

namespace gdbvm {

class ControlledRig : public Rig {
 public:
  explicit ControlledRig(HostStops stops, unsigned cpus = 1, std::optional<Gva> sliding_kernel = {})
      : Rig(stops, cpus, sliding_kernel),
        control(
            machine, host, [this](gdbstub::TargetEvent event) { events.post(std::move(event)); },
            [](const gdbstub::HitAction& action, Vcpu&) { return static_cast<const Answer&>(action).verdict(); }) {}

  void set_break(std::uint64_t address, std::shared_ptr<const gdbstub::HitAction> action = {},
                 gdbstub::BreakpointKind kind = gdbstub::BreakpointKind::Software) {
    control.held([&] { (void)control.stops().insert(kind, {address}, std::move(action)); });
  }
  void set_watch(gdbstub::WatchKind kind, std::uint64_t address, std::uint64_t length) {
    control.held([&] { (void)control.stops().insert(kind, {address}, length, {}); });
  }
  // Takes the debug registers that would otherwise go to the breakpoint under test.
  void use_up_registers() {
    for (std::uint64_t i = 0; i < 4; ++i) set_break(code + 0xf00 + i, {}, gdbstub::BreakpointKind::Hardware);
  }
  void resume(gdbstub::ResumeKind kind = gdbstub::ResumeKind::Continue) {
    std::vector<gdbstub::ThreadAction> actions;
    for (std::uint32_t i = 0; i < machine.cpus(); ++i)
      actions.push_back({{i + 1}, i == 0 ? kind : gdbstub::ResumeKind::Continue});
    control.resume(actions);
  }
  gdbstub::StopEvent next() { return events.next(); }

  Events events;
  RunControl control;
};

template <class Reason>
inline bool is(const gdbstub::StopEvent& event) {
  return std::holds_alternative<Reason>(event.reason);
}

}  // namespace gdbvm
