// Threads that stop one by one.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"

namespace gdbvm {

class MachineNonStop final : public gdbstub::NonStop {
 public:
  explicit MachineNonStop(Debuggee& debuggee) : debuggee_(debuggee) {}

  gdbstub::Result<> set_non_stop(bool on) override {
    debuggee_.run_control().set_mode(on ? RunControl::Mode::NonStop : RunControl::Mode::AllStop);
    return {};
  }
  gdbstub::Result<> stop(gdbstub::ThreadId thread) override {
    debuggee_.run_control().stop({thread.value - 1});
    return {};
  }

 private:
  Debuggee& debuggee_;
};

}  // namespace gdbvm
