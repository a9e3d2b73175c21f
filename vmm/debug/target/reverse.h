// Execution into the past, of a machine whose history is kept.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"

namespace gdbvm {

class MachineReverse final : public gdbstub::ReverseExecution {
 public:
  explicit MachineReverse(Debuggee& debuggee) : debuggee_(debuggee) {}

  bool offered() const { return debuggee_.history().was_begun(); }
  gdbstub::Result<> reverse_step(gdbstub::ThreadId) override { return debuggee_.step_back(); }
  gdbstub::Result<> reverse_continue() override { return debuggee_.run_back(); }

 private:
  Debuggee& debuggee_;
};

}  // namespace gdbvm
