// What the guest has loaded: its kernel where it runs, and the kernel's modules.
#pragma once

#include <optional>

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"

namespace gdbvm {

class MachineLibraries final : public gdbstub::Libraries {
 public:
  // `kernel`: one that may slide, where it is linked for.
  MachineLibraries(Debuggee& debuggee, std::optional<Library> kernel)
      : debuggee_(debuggee), kernel_(std::move(kernel)) {}

  // There may be something to list.
  bool offered() const { return kernel_ || debuggee_.linux_guest().modules(); }
  // Asking for the list subscribes to its changes.
  std::vector<Library> list() override;
  // Of a kernel that has slid, where its first segment is now.
  std::optional<gdbstub::Address> text_segment();

 private:
  Debuggee& debuggee_;
  std::optional<Library> kernel_;
};

}  // namespace gdbvm
