// The monitor's commands, as a client sends them.
#pragma once

#include <utility>

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

class MachineMonitor final : public gdbstub::MonitorCommands {
 public:
  MachineMonitor(Debuggee& debuggee, ClientView& view) : debuggee_(debuggee), view_(view) {}

  gdbstub::Result<gdbstub::Piece> run(gdbstub::ThreadId thread, std::string_view line,
                                      const gdbstub::Print& print) override {
    MonitorContext context{debuggee_, view_.selection.cpu.value_or(thread), view_.selection, print, {}};
    if (const auto done = run_monitor_command(context, line); !done) return std::unexpected(done.error());
    return std::move(context.rest);
  }

 private:
  Debuggee& debuggee_;
  ClientView& view_;
};

}  // namespace gdbvm
