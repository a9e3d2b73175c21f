// Each client finds the machine as if it were the first one.
#include "vmm/debug/target/lifecycle.h"

namespace gdbvm {

using namespace gdbstub;

Result<> MachineLifecycle::restart() {
  using After = Debuggee::AfterRestart;
  return debuggee_.restart(debuggee_.running() ? After::Stopped : After::AsBefore);
}

void MachineLifecycle::attached() {
  debuggee_.client_came();
  view_.selection = {};
}

void MachineLifecycle::detached() {
  debuggee_.client_left();
  view_.selection = {};
  RunControl& control = debuggee_.run_control();
  const bool end_is_coming = !debuggee_.ended() && control.abandon_stops();
  left_(end_is_coming);
  // Nothing of the client's remains in a guest that stays stopped.
  if (!debuggee_.running()) control.held([&] { control.armed().arm(debuggee_.vcpu(view_.last_read)); });
}

}  // namespace gdbvm
