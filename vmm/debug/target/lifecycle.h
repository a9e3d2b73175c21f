// What a client may do to the machine as a whole, and what happens when it comes and goes.
#pragma once

#include <functional>

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

// Decides what the guest does without the client that has left: it is stopped meanwhile, unless it has ended.
// `end_is_coming`: it has ended just now, and its event is posted yet.
using ClientLeft = std::function<void(bool end_is_coming)>;

class MachineLifecycle final : public gdbstub::Lifecycle {
 public:
  MachineLifecycle(Debuggee& debuggee, ClientView& view, ClientLeft left)
      : debuggee_(debuggee), view_(view), left_(std::move(left)) {}

  gdbstub::Result<> restart() override;
  void kill() override { debuggee_.quit(); }
  void attached() override;
  void detached() override;

 private:
  Debuggee& debuggee_;
  ClientView& view_;
  const ClientLeft left_;
};

}  // namespace gdbvm
