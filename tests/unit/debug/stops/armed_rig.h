// The rig's machine with stops set and armed on it, without run control.
#pragma once

#include "tests/unit/debug/rig.h"
#include "vmm/debug/stops/armed_stops.h"

namespace gdbvm {

struct ArmedRig : Rig {
  static constexpr std::uint64_t code_offset = 0x180000, data_offset = 0x181000;

  explicit ArmedRig(HostStops stops, unsigned cpus = 1) : Rig(stops, cpus) {}
  Mechanism breakpoint(std::uint64_t address) { return armed.plan().at({address})->mechanism; }
  Mechanism watchpoint(std::size_t n) { return armed.plan().watchpoints[n].mechanism; }
  // Both return the remark.
  std::string set_break(std::uint64_t address, gdbstub::BreakpointKind kind = gdbstub::BreakpointKind::Software) {
    return table.insert(kind, {address}, {}) ? armed.remark_on_breakpoint({address}, cpu()) : "";
  }
  std::string set_watch(gdbstub::WatchKind kind, std::uint64_t address, std::uint64_t length) {
    return table.insert(kind, {address}, length, {}) ? armed.remark_on_watchpoint(kind, {address}, length, cpu()) : "";
  }
  void arm(unsigned index = 0) { armed.arm(cpu(index)); }

  SoftwareBreakpoints planted{machine.memory()};
  GuestView view{machine.memory(), planted};
  StopTable table;
  ArmedStops armed{machine, view, planted, host, table};
};

}  // namespace gdbvm
