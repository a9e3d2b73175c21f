// When armed stops are out of date, and what is not planned anew because nothing has changed.
#include "vmm/debug/stops/armed_stops.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;

// gdb does so around each step.
struct Repeated : ArmedRig {
  Repeated() : ArmedRig(kvm_pvm()) {
    set();
    arm();
  }
  void set() {
    for (std::uint64_t i = 0; i < 8; ++i) (void)set_break(code + i);
    (void)set_watch(WatchKind::Write, data, 4);
  }
  void lift() {
    for (std::uint64_t i = 0; i < 8; ++i) table.remove(BreakpointKind::Software, {code + i});
    table.remove(WatchKind::Write, {data}, 4);
  }
  // No two plans that exist at the same time are in the same place.
  bool arms_by_another_plan() {
    const auto* const before = armed.plan().breakpoints.data();
    arm();
    return armed.plan().breakpoints.data() != before;
  }
};

TEST(ArmedStops, WhatIsLiftedAndSetAnewIsNotPlannedAnew) {
  Repeated p;
  p.lift();
  p.set();
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
  EXPECT_FALSE(p.arms_by_another_plan());
}

TEST(ArmedStops, OneLiftedStopIsPlannedAnew) {
  Repeated p;
  p.lift();
  p.set();
  p.table.remove(BreakpointKind::Software, {p.code});
  EXPECT_TRUE(p.arms_by_another_plan());
}

TEST(ArmedStops, AnOverwrittenInt3IsPutBackWithoutAPlan) {
  Repeated p;
  *p.at(p.code + 7) = 0x55;
  EXPECT_FALSE(p.arms_by_another_plan());
  EXPECT_EQ(*p.at(p.code + 7), 0xcc);
}

TEST(ArmedStops, AnOverwrittenInt3IsPutBackByAPlan) {
  Repeated p;
  *p.at(p.code + 7) = 0x55;
  (void)p.set_break(p.code + 9);
  EXPECT_TRUE(p.arms_by_another_plan());
  EXPECT_EQ(*p.at(p.code + 7), 0xcc);
}

TEST(ArmedStops, AChangedPageTableIsPlannedAnewThoughCr3IsTheSame) {
  constexpr std::uint64_t offset = 0x80000, in_second_page = 0x200000 + offset;
  Repeated p;
  (void)p.set_break(in_second_page);
  p.arm();
  EXPECT_EQ(*p.at(in_second_page), 0xcc);
  p.pages.map(0x200000, 0, PageTableBuilder::Pd, page_entry::all);
  EXPECT_TRUE(p.arms_by_another_plan());
  EXPECT_EQ(*p.at(in_second_page), 0);
  EXPECT_EQ(*p.at(offset), 0xcc);
}

TEST(ArmedStops, ReplacedMemoryIsPlantedAnew) {
  Repeated p;
  *p.at(p.code + 6) = 0x90;
  *p.at(p.code + 7) = 0xcc;  // the guest's own
  p.armed.memory_replaced();
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  EXPECT_TRUE(p.arms_by_another_plan());
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
  EXPECT_EQ(*p.at(p.code + 6), 0xcc);
  p.lift();
  p.arm();
  EXPECT_EQ(*p.at(p.code + 6), 0x90);
  EXPECT_EQ(*p.at(p.code + 7), 0xcc);
}

TEST(ArmedStops, ReplacedMemoryWithNothingSetIsSettledByArming) {
  ArmedRig p(kvm_pvm());
  p.armed.memory_replaced();
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  p.arm();
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
}

TEST(ArmedStops, ACpuThatIsCoveredIsLookedAtOncePerChangeOfItsPaging) {
  Repeated p;
  p.cpu().system_registers.cr3 |= 8;  // another one, with the same tables
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
  p.pages.map(0, 0x200000, PageTableBuilder::Pd, page_entry::all);
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
}

TEST(ArmedStops, AMovedHandlerOfUserTrapsIsWatchedAnew) {
  Repeated p;
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
  p.set_gate(3, p.handlers + 0x800, 3);
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  p.arm();
  EXPECT_TRUE(p.armed.user_trap({p.handlers + 0x800}));
}

TEST(ArmedStops, AMovedHandlerOfACaughtExceptionIsPlantedAnew) {
  ArmedRig p(kvm_intel());
  p.table.catch_exceptions({14});
  p.arm();
  EXPECT_FALSE(p.armed.recheck(p.cpu()));
  p.set_gate(14, p.handlers + 0x800, 0);
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  p.arm();
  EXPECT_EQ(*p.at(p.handlers + 0x800), 0xcc);
}

TEST(ArmedStops, WithCaughtExceptionsEveryChangeOfPagingIsPlannedAnew) {
  ArmedRig p(kvm_intel());
  p.table.catch_exceptions({14});
  p.arm();
  p.cpu().system_registers.cr3 |= 8;
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
}

}  // namespace
}  // namespace gdbvm
