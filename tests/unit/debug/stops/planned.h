// A table, a host and address spaces, and the plan made of them; no machine.
#pragma once

#include "tests/unit/debug/rig.h"
#include "vmm/debug/stops/stop_plan.h"

namespace gdbvm {

// 2 MiB mapped to themselves, and the choice of mechanisms there in long mode.
class Planned final {
 public:
  static constexpr std::uint64_t tables = 0x10000, other_tables = 0x18000;

  explicit Planned(HostStops host) : host_(host) {
    pages.map(0, 0, PageTableBuilder::Pd, page_entry::all);
    AddressSpace space;
    space.paging.cr0 = x86::cr0::pe | x86::cr0::pg;
    space.paging.cr3 = tables;
    space.paging.cr4 = x86::cr4::pae;
    space.paging.efer = x86::efer::lme | x86::efer::lma;
    space.int3_stops = host.int3[HostStops::Long] != HostStops::Int3::GoesToGuest;
    space.registers_stop_code = host.execute_register[HostStops::Long];
    space.registers_stop_data = host.data_register[HostStops::Long];
    inputs.spaces.push_back(space);
  }
  Planned& stop_at(std::uint64_t address, gdbstub::BreakpointKind kind = gdbstub::BreakpointKind::Software) {
    table.insert(kind, {address}, {});
    return *this;
  }
  Planned& stop_at_each_of(unsigned count, std::uint64_t first,
                           gdbstub::BreakpointKind kind = gdbstub::BreakpointKind::Software) {
    for (unsigned i = 0; i < count; ++i) stop_at(first + i, kind);
    return *this;
  }
  Planned& watch(gdbstub::WatchKind kind, std::uint64_t address, std::uint64_t length) {
    table.insert(kind, {address}, length, {});
    return *this;
  }
  // Another CPU's, which maps only what the test makes it map.
  AddressSpace other_space() const {
    AddressSpace other = inputs.spaces.front();
    other.paging.cr3 = other_tables;
    return other;
  }
  StopPlan plan() {
    TablePages table_pages(memory, inputs.spaces.front().paging);
    return plan_stops(table, host_, inputs, memory, table_pages);
  }

  GuestMemory memory{4 << 20};
  StopTable table;
  PlanInputs inputs;
  PageTableBuilder pages{memory, tables}, other_pages{memory, other_tables};

 private:
  HostStops host_;
};

inline Mechanism mechanism_at(const StopPlan& plan, std::uint64_t address) { return plan.at({address})->mechanism; }

}  // namespace gdbvm
