// The client's tracepoints: places where the guest is looked at and not stopped.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

class MachineTracepoints final : public gdbstub::Tracepoints {
 public:
  MachineTracepoints(Debuggee& debuggee, const ClientView& view) : debuggee_(debuggee), view_(view) {}

  gdbstub::Result<std::string> insert(gdbstub::Address address,
                                      std::shared_ptr<const gdbstub::TraceProbe> probe) override;
  gdbstub::Result<> remove(gdbstub::Address address) override;
  gdbstub::Result<> save(std::string_view path, std::string_view content) override;

 private:
  Debuggee& debuggee_;
  const ClientView& view_;
};

}  // namespace gdbvm
