// Each client finds the machine as if it were the first one.
#include "vmm/debug/target/lifecycle.h"

namespace gdbvm {

using namespace gdbstub;

Result<> MachineLifecycle::restart() {
  if (debuggee_.running()) return fail("the guest is running");
  debuggee_.restart();
  return {};
}

void MachineLifecycle::attached() {
  debuggee_.client_came();
  view_.selection = {};
}

void MachineLifecycle::detached() {
  debuggee_.client_left();
  view_.selection = {};
  if (debuggee_.ended()) return debuggee_.quit();
  RunControl& control = debuggee_.run_control();
  if (control.abandon_stops()) return;  // the guest has just ended, and its event says so
  switch (on_detach_) {
    case OnDetach::Run:
      return debuggee_.run();
    case OnDetach::Stop:
      return control.held([&] { control.armed().arm(debuggee_.vcpu(view_.last_read)); });
    case OnDetach::Quit:
      return debuggee_.quit();
  }
}

}  // namespace gdbvm
