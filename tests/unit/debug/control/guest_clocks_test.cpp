// How far the guest's clocks are set back after a stop.
#include "vmm/debug/control/guest_clocks.h"

#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

struct GuestClocksTest : testing::Test {
  void stop_for(std::chrono::nanoseconds time) {
    clocks.stopped();
    now += time;
    clocks.resumes();
  }
  Rig rig{kvm_intel(), 2};
  GuestClocks::Clock::time_point now{};
  GuestClocks clocks{rig.machine, [this] { return now; }};
};

TEST_F(GuestClocksTest, AStopIsTakenBackFromAllClocks) {
  const auto before = rig.machine.time();
  stop_for(1h);
  EXPECT_LT(rig.machine.time(), before);
  EXPECT_EQ(rig.vm.clock_set_back, 1h);
  for (unsigned i : {0u, 1u}) {
    EXPECT_EQ(rig.cpu(i).tsc_set_back, 1h);
    EXPECT_EQ(rig.cpu(i).told_of_stops, 1u);
  }
}

TEST_F(GuestClocksTest, ShortStopsAreTakenBackTogether) {
  for (int i = 0; i < 99; ++i) stop_for(100us);
  EXPECT_EQ(rig.vm.clock_set_back, 0ns);
  stop_for(100us);
  EXPECT_EQ(rig.vm.clock_set_back, 10ms);
  EXPECT_EQ(rig.cpu(1).tsc_set_back, 10ms);
}

TEST_F(GuestClocksTest, RunningTimeIsNotTouched) {
  now += 1h;  // before the first instruction
  clocks.resumes();
  now += 1h;
  stop_for(20ms);
  EXPECT_EQ(rig.vm.clock_set_back, 20ms);
}

}  // namespace
}  // namespace gdbvm
