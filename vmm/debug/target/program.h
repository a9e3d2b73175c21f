// The guest's ELF, for clients without one.
#pragma once

#include <optional>
#include <utility>

#include "gdbstub/target.h"

namespace gdbvm {

class MachineProgram final : public gdbstub::ExecFile {
 public:
  explicit MachineProgram(std::optional<gdbstub::ServedFile> file) : file_(std::move(file)) {}

  bool offered() const { return file_.has_value(); }
  gdbstub::ServedFile program() override { return *file_; }

 private:
  std::optional<gdbstub::ServedFile> file_;
};

}  // namespace gdbvm
