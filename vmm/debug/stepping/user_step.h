// A single step at CPL 3 on hosts whose KVM does not step there: with the guest's own TF, caught at its #DB handler.
#pragma once

#include "vmm/debug/stepping/step_method.h"

namespace gdbvm {

class UserStep final : public StepMethod {
 public:
  StepResult step(StepRun& run) const override;
  bool covers_trap_flag() const override { return false; }
  unsigned repeats() const override { return 0; }
};

}  // namespace gdbvm
