// Plans for several address spaces: which places are armed, what that rests on, and which other spaces it covers.
#include "vmm/debug/stops/stop_plan.h"

#include <gtest/gtest.h>

#include "tests/unit/debug/stops/planned.h"

namespace gdbvm {
namespace {

using gdbstub::WatchKind;

constexpr std::uint64_t code = 0x100000, data = 0x120000, unmapped = 0x40000000;
constexpr std::uint64_t second_page = 2 << 20;  // of the size of those that are mapped

TEST(StopPlan, ItRestsOnTheEntriesThatTranslateItsAddresses) {
  Planned p(kvm_pvm());
  const StopPlan plan = p.stop_at(code).watch(WatchKind::Write, data, 4).plan();
  EXPECT_EQ(plan.rests_on.size(), 3u);  // one per level, whatever is below
  EXPECT_TRUE(unchanged(plan.rests_on, p.memory));
  p.pages.map(0, 0, PageTableBuilder::Pd, page_entry::all | page_entry::accessed | page_entry::dirty);
  EXPECT_TRUE(unchanged(plan.rests_on, p.memory));
  p.pages.map(0, 0, PageTableBuilder::Pd, page_entry::all & ~page_entry::present);
  EXPECT_FALSE(unchanged(plan.rests_on, p.memory));
}

TEST(StopPlan, ItRestsOnTheEntryThatIsMissing) {
  Planned p(kvm_intel());
  const StopPlan plan = p.stop_at(unmapped).plan();
  p.pages.map(unmapped, 0, PageTableBuilder::Pd, page_entry::all);
  EXPECT_FALSE(unchanged(plan.rests_on, p.memory));
}

TEST(StopPlan, ItCoversAnAddressSpaceThatHasAllInTheSamePlaces) {
  Planned p(kvm_pvm());
  p.stop_at_each_of(5, code);
  const StopPlan plan = p.plan();
  EXPECT_TRUE(covers(plan, p.other_space(), kvm_pvm(), p.memory));  // nothing is mapped there
  p.other_pages.map(0, 0, PageTableBuilder::Pd, page_entry::all);
  EXPECT_TRUE(covers(plan, p.other_space(), kvm_pvm(), p.memory));
  p.other_pages.map(0, second_page, PageTableBuilder::Pd, page_entry::all);
  EXPECT_FALSE(covers(plan, p.other_space(), kvm_pvm(), p.memory));
}

TEST(StopPlan, ItCoversAnAddressSpaceWithItsWatchpointsElsewhereOnlyByRegisters) {
  Planned guarded(kvm_pvm()), watched(kvm_intel());
  for (Planned* p : {&guarded, &watched}) {
    p->watch(WatchKind::Write, data, 4);
    p->other_pages.map(0, second_page, PageTableBuilder::Pd, page_entry::all);
  }
  EXPECT_FALSE(covers(guarded.plan(), guarded.other_space(), kvm_pvm(), guarded.memory));
  EXPECT_TRUE(covers(watched.plan(), watched.other_space(), kvm_intel(), watched.memory));
}

TEST(StopPlan, ABreakpointInARegisterIsCoveredEverywhereButForUserCodeThatNeedsItsInt3) {
  Planned with_registers(kvm_intel()), with_int3s(kvm_pvm());
  for (Planned* p : {&with_registers, &with_int3s}) {
    p->stop_at(code);
    p->other_pages.map(0, second_page, PageTableBuilder::Pd, page_entry::all);
  }
  EXPECT_TRUE(covers(with_registers.plan(), with_registers.other_space(), kvm_intel(), with_registers.memory));
  EXPECT_FALSE(covers(with_int3s.plan(), with_int3s.other_space(), kvm_pvm(), with_int3s.memory));
}

TEST(StopPlan, ACpuIsCoveredWhereItReachesNoStop) {
  Planned p(kvm_pvm());
  p.pages.map(second_page, 0, PageTableBuilder::Pd, page_entry::all);
  const StopPlan plan = p.stop_at(second_page + code).watch(WatchKind::Write, second_page + data, 4).plan();
  AddressSpace other = p.other_space();
  p.other_pages.map(second_page, second_page, PageTableBuilder::Pd, page_entry::all);
  EXPECT_FALSE(covers(plan, other, kvm_pvm(), p.memory));
  other.paging.cr0 = 0;  // the same places, but beyond real mode's reach
  EXPECT_TRUE(covers(plan, other, kvm_pvm(), p.memory));
}

TEST(StopPlan, ACpuIsCoveredWhereNoInt3WouldStop) {
  Planned p(kvm_pvm());
  p.other_pages.map(0, second_page, PageTableBuilder::Pd, page_entry::all);
  AddressSpace other = p.other_space();
  other.int3_stops = false;
  EXPECT_TRUE(covers(p.stop_at(code).plan(), other, kvm_pvm(), p.memory));
}

TEST(StopPlan, AWatchpointOverAPageEdgeLiesWhereEachPageDoes) {
  Planned p(kvm_pvm());
  p.pages.map(second_page, 0, PageTableBuilder::Pd, page_entry::all);
  EXPECT_EQ(p.watch(WatchKind::Write, second_page - 4, 8).plan().watchpoints[0].pieces,
            (std::vector<WatchedRange>{{{second_page - 4}, 4, WatchedRange::For::Writes},
                                       {{0}, 4, WatchedRange::For::Writes}}));
}

TEST(StopPlan, AStopIsArmedOnceInEachPlaceThatSpacesHaveItAt) {
  Planned p(kvm_pvm());
  p.other_pages.map(0, second_page, PageTableBuilder::Pd, page_entry::all);
  p.inputs.spaces.push_back(p.other_space());
  p.inputs.spaces.push_back(p.inputs.spaces.front());
  const StopPlan plan = p.stop_at(code).watch(WatchKind::Write, data, 4).plan();
  EXPECT_EQ(plan.at({code})->places, (std::vector<Gpa>{{code}, {second_page + code}}));
  EXPECT_EQ(plan.guarded, (std::vector<WatchedRange>{{{data}, 4, WatchedRange::For::Writes},
                                                     {{second_page + data}, 4, WatchedRange::For::Writes}}));
}

TEST(StopPlan, WhatNoCpuReachesIsLookedForByTheOneThatArms) {
  Planned p(kvm_intel());
  p.inputs.spaces.front().paging = {};  // real mode
  p.inputs.spaces.front().int3_stops = false;
  const StopPlan plan = p.stop_at(data + second_page).plan();
  EXPECT_EQ(mechanism_at(plan, data + second_page), Mechanism::DebugRegister);
  EXPECT_EQ(plan.at({data + second_page})->why, "this host's KVM hands an int3 in real mode to the guest");
}

}  // namespace
}  // namespace gdbvm
