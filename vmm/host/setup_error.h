// What gdbvm cannot start with: one sentence that also names the remedy.
#pragma once

#include <stdexcept>

namespace gdbvm {

class SetupError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gdbvm
