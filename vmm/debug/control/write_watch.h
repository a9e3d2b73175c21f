// A watchpoint of gdbvm's own.
#pragma once

#include "vmm/debug/control/run_control.h"

namespace gdbvm {

// Beside those that the debugger has set, of which one may be the same, for as long as this lives. On the debugger's
// thread.
class WriteWatch final {
 public:
  WriteWatch(RunControl& control, Gva start, std::uint64_t length);
  ~WriteWatch();
  WriteWatch(const WriteWatch&) = delete;
  WriteWatch& operator=(const WriteWatch&) = delete;

  bool has_caused(const VcpuStop& stop) const;

 private:
  RunControl& control_;
  const Gva start_;
  const std::uint64_t length_;
  bool set_by_debugger_ = false;
  StopTable::Action action_;  // of the debugger's
};

}  // namespace gdbvm
