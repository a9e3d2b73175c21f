// Which mechanism each stop gets, and what is planted and guarded for it.
#include "vmm/debug/stops/stop_plan.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/stops/planned.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;
using testing::HasSubstr;

constexpr std::uint64_t code = 0x100000, data = 0x120000, handler = 0x110000, unmapped = 0x40000000;

TEST(StopPlan, FourRegistersThenBytes) {
  Planned p(kvm_intel());
  const StopPlan plan = p.stop_at_each_of(6, code).plan();
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::DebugRegister);
  EXPECT_EQ(plan.at({code + 3})->why, "a debug register is free");
  EXPECT_EQ(mechanism_at(plan, code + 4), Mechanism::Int3);
  EXPECT_EQ(plan.at({code + 4})->why, "the debug registers are taken");
  EXPECT_EQ(plan.at({code - 1}), nullptr);
  EXPECT_TRUE(plan.guest_debug.trap_int3);
  EXPECT_EQ(plan.int3s, (std::vector<Gpa>{{code + 4}, {code + 5}}));
  EXPECT_FALSE(plan.needs_stepping);
}

TEST(StopPlan, WhatIsNotMappedNeedsARegisterOrSteps) {
  Planned p(kvm_intel());
  const StopPlan plan = p.stop_at_each_of(5, unmapped).plan();
  EXPECT_EQ(mechanism_at(plan, unmapped + 3), Mechanism::DebugRegister);
  EXPECT_THAT(plan.at({unmapped + 3})->why, HasSubstr("is not mapped"));
  EXPECT_EQ(mechanism_at(plan, unmapped + 4), Mechanism::Stepping);
  EXPECT_THAT(plan.at({unmapped + 4})->why, HasSubstr("is not mapped"));
  EXPECT_TRUE(plan.needs_stepping);
  EXPECT_TRUE(plan.no_register_for_breakpoints);
}

// ---- the four debug registers: each kind of stop goes before the next one

TEST(StopPlan, AUserTrapsHandlerGoesBeforeUnmappedBreakpoints) {
  Planned p(kvm_pvm());
  p.inputs.user_traps.push_back({{handler}, 3});
  const StopPlan plan = p.stop_at_each_of(4, unmapped).plan();
  EXPECT_EQ(plan.guest_debug.address[0], handler);
  EXPECT_EQ(mechanism_at(plan, unmapped + 2), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, unmapped + 3), Mechanism::Stepping);
}

TEST(StopPlan, UnmappedBreakpointsGoBeforeWatchpoints) {
  Planned p(kvm_intel());
  p.watch(WatchKind::Write, data, 1);
  const StopPlan plan = p.stop_at_each_of(4, unmapped).plan();
  EXPECT_EQ(mechanism_at(plan, unmapped + 3), Mechanism::DebugRegister);
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::MemorySlot);
}

TEST(StopPlan, WatchpointsGoBeforeHardwareBreakpoints) {
  Planned p(kvm_intel());
  p.stop_at_each_of(4, code, BreakpointKind::Hardware);
  const StopPlan plan = p.watch(WatchKind::Write, data, 1).plan();
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::Int3);
}

TEST(StopPlan, HardwareBreakpointsGoBeforeAnUnmappedLibraryPoint) {
  Planned p(kvm_intel());
  p.table.set_library_point(Gva{unmapped});
  const StopPlan plan = p.stop_at_each_of(4, code, BreakpointKind::Hardware).plan();
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, unmapped), Mechanism::Idle);
  EXPECT_FALSE(plan.needs_stepping);
}

TEST(StopPlan, AnUnmappedLibraryPointGoesBeforePlantedBreakpoints) {
  Planned p(kvm_intel());
  p.table.set_library_point(Gva{unmapped});
  const StopPlan plan = p.stop_at_each_of(4, code).plan();
  EXPECT_EQ(mechanism_at(plan, unmapped), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::Int3);
}

TEST(StopPlan, HardwareBreakpointsGoBeforePlantedOnes) {
  Planned p(kvm_intel());
  p.stop_at_each_of(4, code);
  p.stop_at(code + 9, BreakpointKind::Hardware);
  const StopPlan plan = p.plan();
  EXPECT_EQ(mechanism_at(plan, code + 9), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism_at(plan, code + 3), Mechanism::Int3);
}

TEST(StopPlan, WatchpointsHaveRegistersWhereTheyFit) {
  Planned p(kvm_intel());
  p.watch(WatchKind::Write, data + 1, 7);  // 1 + 2 + 4
  p.watch(WatchKind::Access, data + 0x20, 8);
  p.watch(WatchKind::Write, data + 0x1000, 8);  // one too many
  p.watch(WatchKind::Read, data + 0x2000, 1);   // no register does this
  const StopPlan plan = p.plan();
  const auto mechanism = [&](std::size_t n) { return plan.watchpoints[n].mechanism; };
  EXPECT_EQ(mechanism(0), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism(1), Mechanism::DebugRegister);
  EXPECT_EQ(mechanism(2), Mechanism::MemorySlot);
  EXPECT_EQ(plan.watchpoints[2].why, "its pages are read-only for the guest");
  EXPECT_EQ(mechanism(3), Mechanism::MemorySlot);
  EXPECT_EQ(plan.watchpoints[3].why, "its pages are absent for the guest");
  EXPECT_EQ(plan.guest_debug.address, (std::array<std::uint64_t, 4>{data + 1, data + 2, data + 4, data + 0x20}));
  x86::DebugRegisterFile expected;
  for (const std::uint8_t size : {1, 2, 4}) (void)expected.acquire({data + size, size, x86::DebugKind::Write});
  (void)expected.acquire({data + 0x20, 8, x86::DebugKind::Access});
  EXPECT_EQ(plan.guest_debug.dr7, expected.dr7());
  EXPECT_EQ(plan.stepped_watches, (std::vector<std::size_t>{0, 1}));  // a single step does not tell of them
  EXPECT_EQ(plan.watched_by, (std::array<std::optional<std::size_t>, 4>{0, 0, 0, 1}));
  EXPECT_EQ(plan.guarded, (std::vector<WatchedRange>{{{data + 0x1000}, 8, WatchedRange::For::Writes},
                                                     {{data + 0x2000}, 1, WatchedRange::For::Accesses}}));
}

// ---- bytes, guards, steps

TEST(StopPlan, WithoutSlotsWatchpointsAreStepped) {
  Planned p(kvm_pvm());
  p.watch(WatchKind::Write, data, 4);
  EXPECT_EQ(p.plan().watchpoints[0].mechanism, Mechanism::MemorySlot);
  EXPECT_EQ(p.plan().guarded, (std::vector<WatchedRange>{{{data}, 4, WatchedRange::For::Writes}}));
  p.inputs.slots_left = false;
  const StopPlan plan = p.plan();
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::Stepping);
  EXPECT_EQ(plan.watchpoints[0].why, "KVM has no memory slot left");
  EXPECT_TRUE(plan.needs_stepping);
  EXPECT_TRUE(plan.guarded.empty());
  EXPECT_EQ(plan.stepped_watches, std::vector<std::size_t>{0});
}

TEST(StopPlan, PageTablesCannotBeGuarded) {
  Planned p(kvm_pvm());
  const StopPlan plan = p.watch(WatchKind::Write, Planned::tables, 8).plan();
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::Stepping);
  EXPECT_EQ(plan.watchpoints[0].why, "the page holds page tables, which the CPU itself reads and writes");
}

TEST(StopPlan, NoRegisterWatchesReads) {
  EXPECT_EQ(Planned(kvm_intel()).watch(WatchKind::Read, data, 1).plan().watchpoints[0].mechanism,
            Mechanism::MemorySlot);
}

TEST(StopPlan, WhatIsNotMappedIsWatchedByRegistersOrSteps) {
  Planned p(kvm_intel());
  for (std::uint64_t i = 0; i < 5; ++i) p.watch(WatchKind::Write, unmapped + 8 * i, 8);
  StopPlan plan = p.plan();
  EXPECT_EQ(plan.watchpoints[3].mechanism, Mechanism::DebugRegister);
  EXPECT_EQ(plan.watchpoints[3].why, "");
  EXPECT_EQ(plan.watchpoints[4].mechanism, Mechanism::Stepping);
  EXPECT_THAT(plan.watchpoints[4].why, HasSubstr("is not mapped"));
  EXPECT_TRUE(plan.needs_stepping);
  EXPECT_TRUE(plan.no_register_for_watchpoints);
  plan = Planned(kvm_intel()).watch(WatchKind::Read, unmapped, 1).plan();
  EXPECT_EQ(plan.watchpoints[0].mechanism, Mechanism::Stepping);
  EXPECT_FALSE(plan.no_register_for_watchpoints);  // they are free, and of no use
}

TEST(StopPlan, PagesAreGuardedWhereTheHostReportsIt) {
  HostStops no_absent = kvm_pvm(), no_read_only = kvm_pvm();
  no_absent.absent_slots = no_read_only.read_only_slots = false;
  const auto mechanism = [](const HostStops& host, WatchKind kind) {
    return Planned(host).watch(kind, data, 4).plan().watchpoints[0].mechanism;
  };
  EXPECT_EQ(mechanism(no_absent, WatchKind::Write), Mechanism::MemorySlot);
  EXPECT_EQ(mechanism(no_absent, WatchKind::Access), Mechanism::Stepping);
  EXPECT_EQ(mechanism(no_read_only, WatchKind::Access), Mechanism::MemorySlot);
  EXPECT_EQ(mechanism(no_read_only, WatchKind::Write), Mechanism::Stepping);
}

TEST(StopPlan, EachHostHasItsOwnMechanismForABreakpoint) {
  HostStops no_registers = kvm_intel();
  no_registers.execute_register.fill(false);
  const StopPlan amd = Planned(kvm_amd()).stop_at(code).plan(), pvm = Planned(kvm_pvm()).stop_at(code).plan(),
                 intel = Planned(kvm_intel()).stop_at(code).plan(), other = Planned(no_registers).stop_at(code).plan();
  EXPECT_EQ(mechanism_at(amd, code), Mechanism::Stepping);
  EXPECT_EQ(amd.at({code})->why, "this host's KVM hands every int3 to the guest");
  EXPECT_EQ(mechanism_at(pvm, code), Mechanism::DebugRegister);
  EXPECT_EQ(pvm.int3s, std::vector<Gpa>{{code}});  // for CPL 3 it is planted all the same
  EXPECT_EQ(mechanism_at(intel, code), Mechanism::DebugRegister);
  EXPECT_TRUE(intel.int3s.empty());
  EXPECT_EQ(mechanism_at(other, code), Mechanism::Int3);
  EXPECT_EQ(other.at({code})->why, "debug registers do not stop here");
}

TEST(StopPlan, CaughtExceptionsHaveInt3sAtTheirHandlersUnlessAllIsStepped) {
  Planned p(kvm_pvm());
  p.inputs.exception_entries.emplace(Gva{handler}, std::uint8_t{14});
  p.inputs.exception_entries.emplace(Gva{handler + 16}, std::uint8_t{6});
  p.stop_at(code).stop_at(handler);
  EXPECT_EQ(p.plan().int3s, (std::vector<Gpa>{{code}, {handler}, {handler + 16}}));  // in order, each once
  Planned stepped(kvm_amd());
  stepped.inputs.exception_entries = p.inputs.exception_entries;
  stepped.inputs.handlers_need_steps = true;
  const StopPlan plan = stepped.plan();
  EXPECT_TRUE(plan.needs_stepping);
  EXPECT_TRUE(plan.int3s.empty());
}

TEST(StopPlan, Int3sAndGatesAreGuardedAgainstTheGuestsWrites) {
  HostStops host = kvm_intel();
  const WatchedRange gates{{0x20000}, 512, WatchedRange::For::Writes}, int3{{code + 4}, 1, WatchedRange::For::Writes};
  const auto guarded = [&](bool slots_left) {
    Planned p(host);
    p.inputs.idt_pages = {gates};
    p.inputs.slots_left = slots_left;
    return p.stop_at_each_of(5, code).plan().guarded;
  };
  EXPECT_EQ(guarded(true), (std::vector{gates, int3}));
  EXPECT_TRUE(guarded(false).empty());
  host.read_only_slots = false;
  EXPECT_EQ(guarded(true), std::vector{gates});
}

}  // namespace
}  // namespace gdbvm
