// Which stop is reported to the client, and which are kept, dropped or forgotten.
#include "vmm/debug/control/pending_stops.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using namespace gdbstub;

constexpr VcpuIndex first{0}, second{1}, third{2};

struct PendingStopsTest : testing::Test {
  PendingStopsTest() {
    for (const VcpuIndex cpu : {first, second, third}) stops.resumed(cpu);
  }
  PendingStops stops{3};
};

template <class Reason>
bool is(const StopEvent& event) {
  return std::holds_alternative<Reason>(event.reason);
}

TEST_F(PendingStopsTest, AnEndGoesBeforeAStepAndAStepBeforeTheRest) {
  stops.record(first, stop::SoftwareBreakpoint{}, {});
  stops.record(second, stop::StepComplete{}, {});
  stops.record(third, stop::Exited{3}, {});
  EXPECT_TRUE(is<stop::Exited>(stops.take_first()));
  for (const VcpuIndex cpu : {first, second}) stops.resumed(cpu);
  stops.record(first, stop::SoftwareBreakpoint{}, {});
  EXPECT_TRUE(is<stop::StepComplete>(stops.take_first()));
}

TEST_F(PendingStopsTest, EqualsAreToldInTurn) {
  std::vector<std::uint32_t> told;
  for (int i = 0; i < 4; ++i) {
    for (const VcpuIndex cpu : {first, second, third}) {
      stops.resumed(cpu);
      stops.record(cpu, stop::SoftwareBreakpoint{}, {});
    }
    told.push_back(stops.take_first().thread.value);
  }
  EXPECT_EQ(told, (std::vector<std::uint32_t>{2, 3, 1, 2}));
}

TEST_F(PendingStopsTest, ABreakpointHitIsDroppedAtAResumeAndAnyOtherStopIsKept) {
  stops.record(first, stop::StepComplete{}, {});
  stops.record(second, stop::SoftwareBreakpoint{}, {});
  stops.record(third, stop::Watchpoint{WatchKind::Write, {0x1000}}, {});
  (void)stops.take_first();
  EXPECT_FALSE(stops.resumed(second));
  EXPECT_TRUE(stops.resumed(third));
  EXPECT_TRUE(is<stop::Watchpoint>(stops.take_first()));
}

TEST_F(PendingStopsTest, AKeptStopOfACpuThatStandsStillIsNotTold) {
  stops.record(first, stop::StepComplete{}, {});
  stops.record(second, stop::Watchpoint{WatchKind::Write, {0x1000}}, {});
  EXPECT_EQ(stops.take_first().thread.value, 1u);
  stops.resumed(third);
  const StopEvent event = stops.take_first();
  EXPECT_EQ(event.thread.value, 3u);
  EXPECT_TRUE(is<stop::Signalled>(event));
  EXPECT_TRUE(stops.has(second));
}

TEST_F(PendingStopsTest, WithoutAReasonItIsTheInterruptThatIsTold) {
  stops.interrupted_by(Signal::Int);
  EXPECT_EQ(std::get<stop::Signalled>(stops.take_own(second)->reason).signal, Signal::Int);
  EXPECT_FALSE(stops.awaited(second));
  stops.resumed(second);
  EXPECT_EQ(std::get<stop::Signalled>(stops.take_own(second)->reason).signal, Signal::None);
}

TEST_F(PendingStopsTest, AfterTheMachinesEndNobodyElseIsToldAnything) {
  stops.record(first, stop::Exited{0}, {});
  stops.record(second, stop::StepComplete{}, {});
  EXPECT_FALSE(stops.take_own(second));
  EXPECT_TRUE(is<stop::Exited>(*stops.take_own(first)));
  stops.restarted();
  stops.resumed(second);
  EXPECT_TRUE(stops.take_own(second));
}

TEST_F(PendingStopsTest, AbandoningForgetsAllButTheMachinesEnd) {
  stops.record(first, stop::StepComplete{}, {});
  EXPECT_FALSE(stops.abandon());
  EXPECT_FALSE(stops.has(first));
  EXPECT_FALSE(stops.awaited(third));
  stops.record(second, stop::Exited{7}, {});
  const auto end = stops.abandon();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->thread.value, 2u);
}

}  // namespace
}  // namespace gdbvm
