// What QEMU's gdbstub can be asked by packets of its own.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

class MachineQemuCompatibility final : public gdbstub::QemuCompatibility {
 public:
  MachineQemuCompatibility(Debuggee& debuggee, ClientView& view) : debuggee_(debuggee), view_(view) {}

  bool physical_memory() override { return view_.physical; }
  gdbstub::Result<> set_physical_memory(bool on) override {
    view_.physical = on;
    return {};
  }
  unsigned step_flags() override;
  gdbstub::Result<> set_step_flags(unsigned flags) override;

 private:
  Debuggee& debuggee_;
  ClientView& view_;
};

}  // namespace gdbvm
