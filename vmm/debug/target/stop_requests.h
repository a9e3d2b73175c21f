// The client's breakpoints and watchpoints.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

class MachineBreakpoints final : public gdbstub::Breakpoints {
 public:
  MachineBreakpoints(Debuggee& debuggee, const ClientView& view) : debuggee_(debuggee), view_(view) {}

  gdbstub::Result<std::string> insert(gdbstub::BreakpointKind kind, gdbstub::Address address,
                                      std::shared_ptr<const gdbstub::HitAction> action) override;
  gdbstub::Result<> remove(gdbstub::BreakpointKind kind, gdbstub::Address address) override;

 private:
  Debuggee& debuggee_;
  const ClientView& view_;
};

class MachineWatchpoints final : public gdbstub::Watchpoints {
 public:
  static constexpr std::uint64_t max_length = 1u << 20;  // bytes of one watchpoint

  MachineWatchpoints(Debuggee& debuggee, const ClientView& view) : debuggee_(debuggee), view_(view) {}

  gdbstub::Result<std::string> insert(gdbstub::WatchKind kind, gdbstub::Address address, std::uint64_t length,
                                      std::shared_ptr<const gdbstub::HitAction> action) override;
  gdbstub::Result<> remove(gdbstub::WatchKind kind, gdbstub::Address address, std::uint64_t length) override;

 private:
  Debuggee& debuggee_;
  const ClientView& view_;
};

}  // namespace gdbvm
