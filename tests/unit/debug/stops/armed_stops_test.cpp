// What is planted, guarded and in debug registers once stops are armed, and when that is out of date.
#include <gmock/gmock.h>

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;
using testing::HasSubstr;

constexpr std::uint64_t unmapped = 0x80000000;

TEST(ArmedStops, BreakpointsWithoutARegisterArePlanted) {
  ArmedRig p(kvm_intel());
  for (std::uint64_t i = 0; i < 6; ++i) EXPECT_EQ(p.set_break(p.code + i, BreakpointKind::Hardware), "");
  p.arm();
  EXPECT_EQ(p.armed.guest_debug().address[3], p.code + 3);
  EXPECT_EQ(*p.at(p.code + 3), 0x90);
  EXPECT_EQ(*p.at(p.code + 4), 0xcc);
  EXPECT_EQ(*p.at(p.code + 5), 0xcc);
}

TEST(ArmedStops, TheLastResortIsAnnounced) {
  ArmedRig p(kvm_amd());
  EXPECT_THAT(p.set_break(p.code), HasSubstr("slow"));
  p.arm();
  EXPECT_EQ(p.breakpoint(p.code), Mechanism::Stepping);
  EXPECT_TRUE(p.armed.needs_stepping());
}

TEST(ArmedStops, ABreakpointIsPlantedWhenItsPageAppears) {
  ArmedRig p(kvm_pvm());
  constexpr std::uint64_t late = 0x40000000;
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(unmapped + i);  // also unmapped: these get the registers
  (void)p.set_break(late);
  p.arm();
  p.pages.map(late, 0, PageTableBuilder::Pd, page_entry::all);
  p.cpu().system_registers.cr3 |= 8;  // as a guest would, after it
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  p.arm();
  EXPECT_FALSE(p.armed.plan().at({late})->places.empty());
}

// Two CPUs in separate address spaces: `shared_address` is at one place for CPU 0, at another for CPU 1.
struct TwoSpaces : ArmedRig {
  static constexpr std::uint64_t shared_address = 0x40000000, second_tables = 0x14000, far_away = 0x200000;
  explicit TwoSpaces(HostStops stops) : ArmedRig(stops, 2) {
    pages.map(shared_address, 0, PageTableBuilder::Pd, page_entry::all);
    second_pages.map(0, 0, PageTableBuilder::Pd, page_entry::all);
    second_pages.map(shared_address, far_away, PageTableBuilder::Pd, page_entry::all);
    cpu(1).system_registers.cr3 = second_tables;
  }
  void use_up_registers() {
    for (std::uint64_t i = 0; i < 4; ++i) (void)set_break(unmapped + i);
  }
  PageTableBuilder second_pages{machine.memory(), second_tables};
};

TEST(ArmedStops, ABreakpointIsPlantedInTheAddressSpacesOfAllCpus) {
  TwoSpaces p(kvm_pvm());
  p.use_up_registers();
  (void)p.set_break(p.shared_address + ArmedRig::code_offset);
  p.arm();
  EXPECT_EQ(*p.at(ArmedRig::code_offset), 0xcc);
  EXPECT_EQ(*p.at(p.far_away + ArmedRig::code_offset), 0xcc);
  EXPECT_FALSE(p.armed.recheck(p.cpu(0)));
  EXPECT_FALSE(p.armed.recheck(p.cpu(1)));
  p.cpu(1).system_registers.cr3 = p.tables;
  p.arm(1);
  EXPECT_EQ(*p.at(ArmedRig::code_offset), 0xcc);
  EXPECT_EQ(*p.at(p.far_away + ArmedRig::code_offset), 0);
  p.cpu(1).system_registers.cr3 = p.second_tables;
  EXPECT_TRUE(p.armed.recheck(p.cpu(1)));
}

TEST(ArmedStops, ACpuInRealModeHasNoSayAboveItsReach) {
  ArmedRig p(kvm_intel(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  constexpr std::uint64_t mapped_twice = 0x300000;
  p.pages.map(0x200000, 0, PageTableBuilder::Pd, page_entry::all);
  for (std::uint64_t i = 0; i < 4; ++i) (void)p.set_break(unmapped + i);
  (void)p.set_break(mapped_twice);
  p.arm();
  EXPECT_EQ(*p.at(0x100000), 0xcc);
  EXPECT_EQ(*p.at(mapped_twice), 0);
  EXPECT_FALSE(p.armed.recheck(p.cpu(1)));
}

// If KVM delivers an int3 at CPL 3 to the guest: the handlers of all CPUs are watched, whichever CPU arms.
TEST(ArmedStops, ACpuWithoutHandlersDoesNotTakeThoseOfOthersAway) {
  ArmedRig p(kvm_pvm(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  (void)p.set_break(p.code);
  p.arm();
  EXPECT_FALSE(p.armed.recheck(p.cpu(1)));
  p.arm(1);
  EXPECT_TRUE(p.armed.user_trap({p.handlers + 16 * 3}));
  EXPECT_FALSE(p.armed.recheck(p.cpu(0)));
}

TEST(ArmedStops, AHandlerOfOneCpuIsAnExceptionEntryForAll) {
  ArmedRig p(kvm_pvm(), 2);
  p.cpu(1).system_registers = x86::power_on::system(false);
  p.table.catch_exceptions({14});
  p.arm(1);
  EXPECT_TRUE(p.armed.exception_entry({p.handlers + 16 * 14}));
  EXPECT_FALSE(p.armed.recheck(p.cpu(0)));
  EXPECT_FALSE(p.armed.recheck(p.cpu(1)));
}

TEST(ArmedStops, ARangeIsGuardedInTheAddressSpacesOfAllCpus) {
  TwoSpaces p(kvm_pvm());
  (void)p.set_watch(WatchKind::Write, p.shared_address + ArmedRig::data_offset, 8);
  p.arm();
  EXPECT_EQ(p.vm.access({ArmedRig::data_offset}), 1);
  EXPECT_EQ(p.vm.access({p.far_away + ArmedRig::data_offset}), 1);
  EXPECT_FALSE(p.armed.recheck(p.cpu(1)));
}

TEST(ArmedStops, WhatIsLiftedLeavesMemoryAsItWas) {
  ArmedRig p(kvm_pvm());
  for (std::uint64_t i = 0; i < 8; ++i) (void)p.set_break(p.code + i);
  (void)p.set_watch(WatchKind::Write, p.data, 4);
  p.arm();
  EXPECT_EQ(p.vm.access({p.data}), 1);
  for (std::uint64_t i = 0; i < 8; ++i) p.table.remove(BreakpointKind::Software, {p.code + i});
  p.table.remove(WatchKind::Write, {p.data}, 4);
  EXPECT_TRUE(p.armed.recheck(p.cpu()));
  p.arm();
  for (std::uint64_t i = 0; i < 8; ++i) EXPECT_EQ(*p.at(p.code + i), 0x90);
  EXPECT_EQ(p.vm.access({p.data}), 2);
}

// ---- what KVM cannot guard

struct TooManyPages : ArmedRig {
  TooManyPages() : ArmedRig(kvm_pvm()) {
    (void)set_watch(WatchKind::Write, data, 1);
    arm();
    EXPECT_EQ(vm.access({data}), 1);
    for (std::uint64_t i = 1; i < vm.max_slots(); ++i) (void)set_watch(WatchKind::Write, data + i * 2 * page_size, 1);
    arm();
  }
};

TEST(ArmedStops, WhatHasNoSlotLeftIsStepped) {
  TooManyPages p;
  EXPECT_EQ(p.watchpoint(0), Mechanism::Stepping);
  EXPECT_TRUE(p.armed.needs_stepping());
  EXPECT_EQ(p.vm.access({p.data}), 2);  // nothing is guarded any more
}

TEST(ArmedStops, WhatHasNoSlotLeftIsNotTriedAgainWhileNothingChanges) {
  TooManyPages p;
  const auto* const before = p.armed.plan().watchpoints.data();
  p.arm();
  EXPECT_EQ(p.armed.plan().watchpoints.data(), before);
}

// ---- what a hit belongs to

TEST(ArmedStops, ARegisterBelongsToItsWatchpoint) {
  ArmedRig p(kvm_intel());
  (void)p.set_watch(WatchKind::Write, p.data, 1);
  (void)p.set_watch(WatchKind::Write, p.data + 8, 1);
  p.arm();
  EXPECT_EQ(p.armed.watched_by_register(1)->start, Gva{p.data + 8});
  EXPECT_EQ(p.armed.watched_by_register(2), nullptr);
}

TEST(ArmedStops, ARangeOverAPageEdgeGuardsBothPages) {
  ArmedRig p(kvm_pvm());
  (void)p.set_watch(WatchKind::Write, p.data + 0xffc, 8);
  p.arm();
  EXPECT_EQ(p.vm.access({p.data}), 1);
  EXPECT_EQ(p.vm.access({p.data + 0x1000}), 1);
  EXPECT_EQ(p.vm.access({p.data + 0x2000}), 2);
  using enum WatchedAccess::Direction;
  EXPECT_TRUE(p.armed.watched({{p.data + 0x1000}, 1, Write}));
  EXPECT_TRUE(p.armed.watched({{p.data + 0xff8}, 8, Write}));  // straddles the beginning of the range
  EXPECT_FALSE(p.armed.watched({{p.data + 0x1004}, 4, Write}));
  EXPECT_FALSE(p.armed.watched({{p.data + 0x1000}, 1, Read}));
}

TEST(ArmedStops, NoExceptionIsCaughtWhereNoHandlerStops) {
  EXPECT_FALSE(ArmedRig(kvm_amd()).armed.can_catch_exceptions());
  EXPECT_TRUE(ArmedRig(kvm_pvm()).armed.can_catch_exceptions());
  HostStops steps_into_handlers = kvm_amd();
  steps_into_handlers.step_enters_handler = true;
  EXPECT_TRUE(ArmedRig(steps_into_handlers).armed.can_catch_exceptions());
}

TEST(ArmedStops, ExceptionsAreCaughtByStepsWhereInt3sGoToTheGuest) {
  HostStops host = kvm_amd();
  host.step_enters_handler = true;
  ArmedRig s(host);
  s.table.catch_exceptions({14});
  s.arm();
  EXPECT_TRUE(s.armed.needs_stepping());
  EXPECT_TRUE(s.armed.exception_entry({s.handlers + 16 * 14}));
  EXPECT_EQ(*s.at(s.handlers + 16 * 14), 0);
}

}  // namespace
}  // namespace gdbvm
