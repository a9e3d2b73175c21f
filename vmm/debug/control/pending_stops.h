// The stops that vCPUs have come to and that the client has not been told of yet, and which of them it is told next.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// A client awaits one stop from a resumed vCPU in non-stop mode, and one from all resumed vCPUs together in all-stop
// mode. There the stops that were not told are kept until their vCPUs are resumed; a breakpoint hit is not, because its
// vCPU has not executed the instruction and hits again. No locks: the caller has one.
class PendingStops final {
 public:
  explicit PendingStops(std::size_t cpus) : reports_(cpus) {}

  // The client resumes this vCPU and awaits its stop. true: one that was kept is to be told instead.
  bool resumed(VcpuIndex cpu);
  // What a vCPU that stops for no reason of its own is told as from now on.
  void interrupted_by(gdbstub::Signal signal);
  void record(VcpuIndex cpu, gdbstub::StopReason reason, std::string message);
  bool has(VcpuIndex cpu) const { return reports_[cpu.value].stop.has_value(); }
  bool awaited(VcpuIndex cpu) const { return reports_[cpu.value].awaited; }
  void forget(VcpuIndex cpu) { reports_[cpu.value].stop.reset(); }

  // This vCPU's own stop, which is no longer awaited. nullopt: the machine has ended, and another vCPU's stop says so.
  std::optional<gdbstub::StopEvent> take_own(VcpuIndex cpu);
  // The one stop of all: in turn, beginning after the vCPU told last, an end of the machine, then a finished step, then
  // any. Some vCPU's stop is awaited.
  gdbstub::StopEvent take_first();
  // Forgets everything. The result is the machine's end, if that was among it.
  std::optional<gdbstub::StopEvent> abandon();

  // The machine has ended: until restarted(), nothing else is told.
  bool machine_ended() const { return ended_; }
  void restarted() { ended_ = false; }
  // Whose stop take_first() told last.
  VcpuIndex last_told() const { return {static_cast<std::uint32_t>(last_told_)}; }

 private:
  struct Report {
    bool awaited = false;                              // resumed, and no stop of it has been told since
    gdbstub::Signal asked_by = gdbstub::Signal::None;  // what a stop for no other reason is told as
    std::optional<gdbstub::StopEvent> stop;
  };
  static gdbstub::ThreadId thread_of(std::size_t cpu) { return {static_cast<std::uint32_t>(cpu + 1)}; }
  std::optional<std::size_t> next_awaited(bool with_stop) const;

  std::vector<Report> reports_;  // by vCPU
  std::size_t last_told_ = 0;
  bool ended_ = false;
};

}  // namespace gdbvm
