// A host that cannot run guests, or not this one: one sentence that also names the remedy.
#pragma once

#include <stdexcept>

namespace gdbvm::kvm {

class SetupError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gdbvm::kvm
