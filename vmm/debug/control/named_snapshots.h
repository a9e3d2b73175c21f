// The snapshots that the user has taken, by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gdbstub/types.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/snapshot/machine_snapshot.h"

namespace gdbvm {

// Breakpoints and watchpoints are the debugger's: they are in no snapshot, and stay as they are. All from the
// debugger's thread, while every vCPU is parked.
class NamedSnapshots final {
 public:
  struct Cpu {
    Gva pc;
    x86::RunState state;
  };
  struct Snapshot {
    snapshot::MachineSnapshot machine;
    std::optional<std::uint64_t> slide;  // of the kernel
    Clock::Time time;
    std::vector<Cpu> cpus;
  };

  // All outlive it.
  NamedSnapshots(Machine& machine, RunControl& control, snapshot::MachineSnapshots& snapshots)
      : machine_(machine), control_(control), snapshots_of_machine_(snapshots) {}

  // Replaces an older one of that name.
  gdbstub::Result<> take(const std::string& name);
  // The machine is as it was, and its CPUs are parked there.
  gdbstub::Result<> put_back(const std::string& name);
  gdbstub::Result<> remove(const std::string& name);
  const std::map<std::string, Snapshot>& all() const { return snapshots_; }
  // RAM that they keep, all together.
  std::uint64_t kept_bytes() const { return snapshots_of_machine_.kept_bytes(); }
  // One that no snapshot has yet.
  std::string free_name() const;

 private:
  gdbstub::Result<std::map<std::string, Snapshot>::const_iterator> find(const std::string& name) const;

  Machine& machine_;
  RunControl& control_;
  snapshot::MachineSnapshots& snapshots_of_machine_;
  std::map<std::string, Snapshot> snapshots_;
};

}  // namespace gdbvm
