// What is set, and whether it differs from what was planned.
#include "vmm/debug/stops/stop_table.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using gdbstub::BreakpointKind, gdbstub::WatchKind;
using enum BreakpointKind;

void set_some(StopTable& table) {
  table.insert(Software, {0x1000}, {});
  table.insert(Hardware, {0x2000}, {});
  table.insert(WatchKind::Write, {0x3000}, 4, {});
}

void lift_all_and_set_anew(StopTable& table) {
  table.remove(Software, {0x1000});
  table.remove(Hardware, {0x2000});
  table.remove(WatchKind::Write, {0x3000}, 4);
  set_some(table);
}

TEST(StopTable, WhatIsLiftedAndSetAgainHasNotChanged) {
  StopTable table;
  set_some(table);
  EXPECT_TRUE(table.changed());
  table.note_planned();
  EXPECT_FALSE(table.changed());
  lift_all_and_set_anew(table);
  EXPECT_FALSE(table.changed());
}

TEST(StopTable, ALiftedStopIsAChange) {
  StopTable table;
  set_some(table);
  table.note_planned();
  table.remove(Software, {0x1000});
  EXPECT_TRUE(table.changed());
  EXPECT_FALSE(table.at({0x1000}));
  EXPECT_TRUE(table.breakpoints().contains({0x1000}));  // until the next plan
  table.note_planned();
  EXPECT_FALSE(table.changed());
  EXPECT_FALSE(table.breakpoints().contains({0x1000}));
}

TEST(StopTable, AStopThatCameAndWentIsNoChange) {
  StopTable table;
  table.insert(Software, {0x1000}, {});
  table.insert(WatchKind::Read, {0x3000}, 1, {});
  table.remove(Software, {0x1000});
  table.remove(WatchKind::Read, {0x3000}, 1);
  EXPECT_FALSE(table.changed());
  EXPECT_TRUE(table.empty());
}

TEST(StopTable, AnotherKindAtTheSameAddressIsAChange) {
  StopTable table;
  set_some(table);
  table.note_planned();
  EXPECT_FALSE(table.insert(Hardware, {0x1000}, {}));  // something is set there already
  EXPECT_TRUE(table.changed());
  table.remove(Hardware, {0x1000});
  EXPECT_FALSE(table.changed());
}

TEST(StopTable, ALibraryPointSharesItsAddressWithABreakpoint) {
  StopTable table;
  table.set_library_point(Gva{0x1000});
  EXPECT_TRUE(table.insert(Software, {0x1000}, {}));  // the debugger's first there
  table.set_library_point({});
  EXPECT_TRUE(table.at({0x1000})->set.software);
  EXPECT_FALSE(table.at({0x1000})->set.library_event);
  table.remove(Software, {0x1000});
  EXPECT_TRUE(table.empty());
}

TEST(StopTable, CaughtExceptionsAreAChange) {
  StopTable table;
  table.catch_exceptions({14});
  EXPECT_TRUE(table.changed());
  table.note_planned();
  EXPECT_FALSE(table.changed());
  table.catch_exceptions({});
  EXPECT_TRUE(table.changed());
}

TEST(StopTable, WatchpointsKeepTheOrderInWhichTheyWereFirstSet) {
  StopTable table;
  table.insert(WatchKind::Write, {0x3000}, 4, {});
  table.insert(WatchKind::Write, {0x2000}, 4, {});
  table.note_planned();
  table.remove(WatchKind::Write, {0x3000}, 4);
  table.insert(WatchKind::Write, {0x3000}, 4, {});
  ASSERT_EQ(table.watchpoints().size(), 2u);
  EXPECT_EQ(table.watchpoints()[0]->start, Gva{0x3000});
  EXPECT_FALSE(table.changed());
}

TEST(StopTable, AWatchpointThatAPlanLeftOutIsSetAfterTheOthers) {
  StopTable table;
  table.insert(WatchKind::Write, {0x3000}, 4, {});
  table.insert(WatchKind::Write, {0x2000}, 4, {});
  table.remove(WatchKind::Write, {0x3000}, 4);
  table.note_planned();
  table.insert(WatchKind::Write, {0x3000}, 4, {});
  ASSERT_EQ(table.watchpoints().size(), 2u);
  EXPECT_EQ(table.watchpoints()[0]->start, Gva{0x2000});
}

TEST(StopTable, FalseConditionsAreCountedFromWhenItIsSet) {
  StopTable table;
  table.insert(Software, {0x1000}, {});
  table.at({0x1000})->conditions_false = 7;
  table.note_planned();
  table.remove(Software, {0x1000});
  EXPECT_EQ(table.breakpoints().at({0x1000}).conditions_false, 7u);  // `monitor info stops` while the guest is stopped
  table.insert(Software, {0x1000}, {});
  EXPECT_EQ(table.at({0x1000})->conditions_false, 0u);
}

struct AlwaysStop final : gdbstub::HitAction {
  gdbstub::Verdict evaluate(gdbstub::HitContext&) const override { return gdbstub::Verdict::Stop; }
};

TEST(StopTable, EachKindOfStopHasAnActionOfItsOwnWhileItIsSet) {
  StopTable table;
  std::vector<std::weak_ptr<const gdbstub::HitAction>> actions;
  const auto action = [&] {
    auto made = std::make_shared<AlwaysStop>();
    actions.push_back(made);
    return made;
  };
  table.insert(Software, {0x1000}, action());
  table.insert(Hardware, {0x1000}, action());
  table.insert(WatchKind::Write, {0x3000}, 4, action());
  for (const auto& each : actions) EXPECT_FALSE(each.expired());
  EXPECT_EQ(table.at({0x1000})->software_action, actions[0].lock());
  EXPECT_EQ(table.at({0x1000})->hardware_action, actions[1].lock());
  EXPECT_EQ(table.find(WatchKind::Write, {0x3000}, 4)->action, actions[2].lock());
  table.remove(Hardware, {0x1000});
  EXPECT_TRUE(table.at({0x1000})->set.software);
  EXPECT_FALSE(table.at({0x1000})->set.hardware);
  table.remove(Software, {0x1000});
  table.remove(WatchKind::Write, {0x3000}, 4);
  for (const auto& each : actions) EXPECT_TRUE(each.expired());
}

TEST(StopTable, AWatchpointThatIsSetTwiceIsNewOnce) {
  StopTable table;
  EXPECT_TRUE(table.insert(WatchKind::Write, {0x3000}, 4, {}));
  EXPECT_FALSE(table.insert(WatchKind::Write, {0x3000}, 4, {}));
  EXPECT_EQ(table.watchpoint_count(), 1u);
  table.remove(WatchKind::Write, {0x3000}, 4);
  EXPECT_EQ(table.find(WatchKind::Write, {0x3000}, 4), nullptr);
  EXPECT_TRUE(table.watchpoints().empty());
  EXPECT_TRUE(table.insert(WatchKind::Write, {0x3000}, 4, {}));
}

TEST(StopTable, WatchpointsAreChangesAsBreakpointsAre) {
  StopTable table;
  table.insert(WatchKind::Write, {0x3000}, 4, {});
  EXPECT_TRUE(table.changed());
  table.note_planned();
  EXPECT_FALSE(table.changed());
  table.remove(WatchKind::Write, {0x3000}, 4);
  EXPECT_TRUE(table.changed());
  table.note_planned();
  EXPECT_FALSE(table.changed());
}

TEST(StopTable, AnotherStopInPlaceOfALiftedOneIsAChange) {
  StopTable table;
  set_some(table);
  table.note_planned();
  table.remove(WatchKind::Write, {0x3000}, 4);
  table.insert(WatchKind::Write, {0x4000}, 4, {});
  EXPECT_TRUE(table.changed());
  table.note_planned();
  table.remove(Software, {0x1000});
  table.insert(Software, {0x1001}, {});
  EXPECT_TRUE(table.changed());
}

TEST(StopTable, OnlyTheRemovalOfWhatIsThereIsOne) {
  StopTable table;
  set_some(table);
  table.remove(Software, {0x5000});
  table.remove(WatchKind::Write, {0x5000}, 4);
  EXPECT_EQ(table.removals(), 0u);
  table.remove(Software, {0x1000});
  EXPECT_EQ(table.removals(), 1u);
  table.remove(WatchKind::Write, {0x3000}, 4);
  EXPECT_EQ(table.removals(), 2u);
}

TEST(StopTable, TheFirstBreakpointFromAnAddressOnIsOneThatIsSet) {
  StopTable table;
  set_some(table);
  table.note_planned();
  table.remove(Software, {0x1000});
  EXPECT_EQ(table.first_breakpoint({0x800}), Gva{0x2000});
  EXPECT_EQ(table.first_breakpoint({0x2001}), std::nullopt);
}

}  // namespace
}  // namespace gdbvm
