// Threads by name: they are CPUs.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"

namespace gdbvm {

class MachineThreadInfo final : public gdbstub::ThreadInfo {
 public:
  explicit MachineThreadInfo(Debuggee& debuggee) : debuggee_(debuggee) {}

  std::string name(gdbstub::ThreadId thread) override { return fmt::format("CPU {}", thread.value - 1); }
  std::string extra(gdbstub::ThreadId thread) override { return debuggee_.describe(thread); }

 private:
  Debuggee& debuggee_;
};

}  // namespace gdbvm
