// Of which stops the user is told that they are slow.
#include "vmm/debug/stops/armed_stops.h"

#include <gmock/gmock.h>

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;
using testing::HasSubstr;

constexpr std::uint64_t unmapped = 0x80000000;

TEST(ArmedStops, ARemarkComesWithTheFirstStopThatNoRegisterIsLeftFor) {
  ArmedRig p(kvm_intel());
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(p.set_break(unmapped + i), "");
  EXPECT_THAT(p.set_break(unmapped + 4), HasSubstr("slow"));
  EXPECT_THAT(p.set_break(unmapped + 5), HasSubstr("slow"));
  for (std::uint64_t i = 3; i < 6; ++i) p.table.remove(BreakpointKind::Software, {unmapped + i});
  EXPECT_EQ(p.set_break(unmapped + 6), "");
}

TEST(ArmedStops, SoDoesTheRemarkOnAWatchpoint) {
  ArmedRig p(kvm_intel());
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(p.set_watch(WatchKind::Write, unmapped + 8 * i, 8), "");
  EXPECT_THAT(p.set_watch(WatchKind::Write, unmapped + 0x40, 8), HasSubstr("slow"));
  EXPECT_THAT(p.set_watch(WatchKind::Write, unmapped + 0x48, 8), HasSubstr("slow"));
  for (const std::uint64_t at : {0, 0x40, 0x48}) p.table.remove(WatchKind::Write, {unmapped + at}, 8);
  EXPECT_EQ(p.set_watch(WatchKind::Write, unmapped + 0x80, 8), "");
}

TEST(ArmedStops, NoRemarkIsMadeOfWhatNeedsNoRegister) {
  HostStops host = kvm_pvm();
  host.execute_register.fill(false);
  ArmedRig p(host);
  EXPECT_EQ(p.set_break(p.code), "");
  EXPECT_EQ(p.set_watch(WatchKind::Write, p.data, 4), "");
}

TEST(ArmedStops, RegistersThatAreFreeAgainAreCountedAfterArming) {
  ArmedRig p(kvm_intel());
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(p.set_break(unmapped + i), "");
  EXPECT_THAT(p.set_break(unmapped + 4), HasSubstr("slow"));
  p.pages.map(unmapped, 0, PageTableBuilder::Pd, page_entry::all);
  p.arm();
  EXPECT_EQ(p.set_break(2 * unmapped), "");
}

TEST(ArmedStops, AWatchpointOnPageTablesIsAnnouncedAsSlow) {
  ArmedRig p(kvm_pvm());
  EXPECT_THAT(p.set_watch(WatchKind::Write, p.tables, 8), HasSubstr("slow"));
}

// What holds page tables is found out anew for each plan, and after it.
TEST(ArmedStops, APageThatBecomesAPageTableIsNotGuarded) {
  const auto page_of_next_table = [](ArmedRig& p, std::uint64_t linear) {
    return p.pages.entry_at(linear, PageTableBuilder::Pd) & ~std::uint64_t{page_size - 1};
  };
  ArmedRig first(kvm_pvm());
  const std::uint64_t next = page_of_next_table(first, unmapped), after_next = page_of_next_table(first, 2 * unmapped);
  ArmedRig p(kvm_pvm());
  EXPECT_EQ(p.set_watch(WatchKind::Write, next, 8), "");
  p.pages.map(unmapped, 0, PageTableBuilder::Pd, page_entry::all);
  p.arm();
  EXPECT_EQ(p.watchpoint(0), Mechanism::Stepping);
  p.pages.map(2 * unmapped, 0, PageTableBuilder::Pd, page_entry::all);
  EXPECT_THAT(p.set_watch(WatchKind::Write, after_next, 8), HasSubstr("slow"));
}

}  // namespace
}  // namespace gdbvm
