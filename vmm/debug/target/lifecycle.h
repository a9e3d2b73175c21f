// What a client may do to the machine as a whole, and what happens when it comes and goes.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"
#include "vmm/debug/target/on_detach.h"

namespace gdbvm {

class MachineLifecycle final : public gdbstub::Lifecycle {
 public:
  MachineLifecycle(Debuggee& debuggee, ClientView& view, OnDetach on_detach)
      : debuggee_(debuggee), view_(view), on_detach_(on_detach) {}

  gdbstub::Result<> restart() override;
  void kill() override { debuggee_.quit(); }
  void attached() override;
  void detached() override;

 private:
  Debuggee& debuggee_;
  ClientView& view_;
  OnDetach on_detach_;
};

}  // namespace gdbvm
