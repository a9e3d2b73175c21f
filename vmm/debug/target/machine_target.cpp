// The registers of threads that stand still.
#include "vmm/debug/target/machine_target.h"

#include <utility>

namespace gdbvm {

using namespace gdbstub;

MachineTarget::MachineTarget(Debuggee& debuggee, Config config)
    : debuggee_(debuggee),
      memory_(debuggee, view_),
      breakpoints_(debuggee, view_),
      watchpoints_(debuggee, view_),
      tracepoints_(debuggee, view_),
      reverse_(debuggee),
      thread_info_(debuggee),
      monitor_(debuggee, view_),
      lifecycle_(debuggee, view_, std::move(config.left)),
      non_stop_(debuggee),
      program_(std::move(config.program)),
      libraries_(debuggee, std::move(config.sliding_kernel)),
      qemu_(debuggee, view_) {}

Result<> MachineTarget::read_register(ThreadId thread, RegisterNumber number, MutableBytes out) {
  if (auto parked = debuggee_.require_parked(thread); !parked) return parked;
  return debuggee_.run_control().inspect([&] { return debuggee_.registers_of(thread).read(number, out); });
}

Result<> MachineTarget::write_register(ThreadId thread, RegisterNumber number, Bytes bytes) {
  if (auto parked = debuggee_.require_parked(thread); !parked) return parked;
  if (auto may = debuggee_.history().is_changed(); !may) return may;
  return debuggee_.run_control().inspect([&] { return debuggee_.registers_of(thread).write(number, bytes); });
}

}  // namespace gdbvm
