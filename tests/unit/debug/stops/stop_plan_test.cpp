// Mechanisms chosen from data: a table, a host, address spaces; no machine.
#include "vmm/debug/stops/stop_plan.h"

#include <cstring>

#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;

constexpr std::uint64_t tables = 0x10000;

// 2 MiB mapped to themselves, and the choice of mechanisms there in long mode.
class Planned {
 public:
  explicit Planned(HostStops host) : host_(host) {
    put(tables, (tables + 0x1000) | 7);
    put(tables + 0x1000, (tables + 0x2000) | 7);
    put(tables + 0x2000, 0x87);
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
  Planned& stop_at(std::uint64_t address, BreakpointKind kind = BreakpointKind::Software) {
    table.insert(kind, {address}, {});
    return *this;
  }
  Planned& watch(WatchKind kind, std::uint64_t address, std::uint64_t length) {
    table.insert(kind, {address}, length, {});
    return *this;
  }
  StopPlan plan() {
    TablePages pages(memory, inputs.spaces.front().paging);
    return plan_stops(table, host_, inputs, memory, pages);
  }
  void put(std::uint64_t address, std::uint64_t value) {
    std::memcpy(memory.at({address}, sizeof value), &value, sizeof value);
  }

  GuestMemory memory{4 << 20};
  StopTable table;
  PlanInputs inputs;

 private:
  HostStops host_;
};

constexpr std::uint64_t code = 0x100000, data = 0x120000, unmapped = 0x40000000;

Mechanism mechanism_at(const StopPlan& plan, std::uint64_t address) { return plan.at({address})->mechanism; }

TEST(StopPlan, FourRegistersThenBytes) {
  Planned p(kvm_intel());
  for (std::uint64_t i = 0; i < 6; ++i) p.stop_at(code + i);
  const StopPlan plan = p.plan();
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 4), Mechanism::Int3);
  EXPECT_EQ(plan.at({code + 4})->why, "the debug registers are taken");
  EXPECT_EQ(plan.int3s, (std::vector<Gpa>{{code + 4}, {code + 5}}));
  EXPECT_FALSE(plan.needs_stepping);
}

TEST(StopPlan, WhatIsNotMappedNeedsARegisterOrSteps) {
  Planned p(kvm_intel());
  for (std::uint64_t i = 0; i < 5; ++i) p.stop_at(unmapped + i);
  const StopPlan plan = p.plan();
  EXPECT_EQ(mechanism_at(plan, unmapped + 3), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, unmapped + 4), Mechanism::Stepping);
  EXPECT_NE(plan.at({unmapped + 4})->why.find("is not mapped"), std::string::npos);
  EXPECT_TRUE(plan.needs_stepping);
  EXPECT_TRUE(plan.no_register_for_breakpoints);
}

TEST(StopPlan, HardwareBreakpointsGoBeforePlantedOnes) {
  Planned p(kvm_intel());
  for (std::uint64_t i = 0; i < 4; ++i) p.stop_at(code + i);
  p.stop_at(code + 9, BreakpointKind::Hardware);
  const StopPlan plan = p.plan();
  EXPECT_EQ(mechanism_at(plan, code + 9), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::Int3);
}

TEST(StopPlan, WithoutSlotsWatchpointsAreStepped) {
  Planned p(kvm_pvm());
  p.watch(WatchKind::Write, data, 4);
  EXPECT_EQ(p.plan().watchpoints[0].mechanism, Mechanism::MemorySlot);
  EXPECT_EQ(p.plan().guarded, (std::vector<WatchedRange>{{{data}, 4, WatchedRange::For::Writes}}));
  p.inputs.slots_left = false;
  const StopPlan plan = p.plan();
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::Stepping);
  EXPECT_EQ(plan.watchpoints[0].why, "KVM has no memory slot left");
  EXPECT_TRUE(plan.guarded.empty());
  EXPECT_EQ(plan.stepped_watches, std::vector<std::size_t>{0});
}

TEST(StopPlan, PageTablesCannotBeGuarded) {
  Planned p(kvm_pvm());
  p.watch(WatchKind::Write, tables + 0x1008, 8);
  EXPECT_EQ(p.plan().watchpoints[0].mechanism, Mechanism::Stepping);
}

TEST(StopPlan, EachHostHasItsOwnOfAnInt3) {
  EXPECT_EQ(mechanism_at(Planned(kvm_amd()).stop_at(code).plan(), code), Mechanism::Stepping);
  EXPECT_EQ(mechanism_at(Planned(kvm_pvm()).stop_at(code).plan(), code), Mechanism::DebugRegister);
  EXPECT_EQ(Planned(kvm_pvm()).stop_at(code).plan().int3s.size(), 1u);  // for CPL 3 it is planted all the same
  EXPECT_TRUE(Planned(kvm_intel()).stop_at(code).plan().int3s.empty());
}

TEST(StopPlan, AUserTrapsHandlerTakesARegisterFirst) {
  Planned p(kvm_pvm());
  p.inputs.user_traps.push_back({{0x110000}, 3});
  for (std::uint64_t i = 0; i < 4; ++i) p.stop_at(code + i);
  const StopPlan plan = p.plan();
  EXPECT_EQ(plan.guest_debug.address[0], 0x110000u);
  EXPECT_EQ(mechanism_at(plan, code + 2), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::Int3);
}

TEST(StopPlan, ItRestsOnTheEntriesThatTranslateItsAddresses) {
  Planned p(kvm_pvm());
  const StopPlan plan = p.stop_at(code).watch(WatchKind::Write, data, 4).plan();
  EXPECT_EQ(plan.rests_on.size(), 3u);  // one per level, whatever is below
  EXPECT_TRUE(unchanged(plan.rests_on, p.memory));
  p.put(tables + 0x2000, 0xe7);  // accessed and dirty
  EXPECT_TRUE(unchanged(plan.rests_on, p.memory));
  p.put(tables + 0x2000, 0x86);  // not present
  EXPECT_FALSE(unchanged(plan.rests_on, p.memory));
}

TEST(StopPlan, ItRestsOnTheEntryThatIsMissing) {
  Planned p(kvm_intel());
  const StopPlan plan = p.stop_at(unmapped).plan();
  p.put(tables + 0x1008, (tables + 0x3000) | 7);
  EXPECT_FALSE(unchanged(plan.rests_on, p.memory));
}

TEST(StopPlan, ItCoversAnAddressSpaceThatHasAllInTheSamePlaces) {
  Planned p(kvm_pvm());
  for (std::uint64_t i = 0; i < 5; ++i) p.stop_at(code + i);
  p.watch(WatchKind::Write, data, 4);
  const StopPlan plan = p.plan();
  AddressSpace other = p.inputs.spaces.front();
  other.paging.cr3 = 0x14000;
  EXPECT_TRUE(covers(plan, other, kvm_pvm(), p.memory));  // nothing is mapped there
  p.put(0x14000, (tables + 0x1000) | 7);
  EXPECT_TRUE(covers(plan, other, kvm_pvm(), p.memory));
  p.put(0x14000, 0x15000 | 7);
  p.put(0x15000, 0x16000 | 7);
  p.put(0x16000, 0x200087);
  EXPECT_FALSE(covers(plan, other, kvm_pvm(), p.memory));
}

}  // namespace
}  // namespace gdbvm
