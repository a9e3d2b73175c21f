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
  std::chrono::nanoseconds clock_set_back() const {
    return std::chrono::nanoseconds(FakeVm().kvmclock - rig.vm.kvmclock);
  }
  std::chrono::steady_clock::time_point now{};
  Rig rig{kvm_intel(), 2, {}, [this] { return now; }};
  GuestClocks clocks{rig.machine};
};

TEST_F(GuestClocksTest, AStopIsTakenBackFromAllClocks) {
  clocks.resumes();
  now += 5s;
  stop_for(1h);
  now += 1s;
  EXPECT_EQ(rig.machine.clock().now(), 6s);
  EXPECT_EQ(clock_set_back(), 1h);
  for (unsigned i : {0u, 1u}) {
    EXPECT_EQ(rig.cpu(i).tsc_set_back, 1h);
    EXPECT_EQ(rig.cpu(i).told_of_stops, 1u);
  }
}

TEST_F(GuestClocksTest, ShortStopsAreTakenBackTogether) {
  clocks.resumes();
  for (int i = 0; i < 99; ++i) stop_for(100us);
  EXPECT_EQ(clock_set_back(), 0ns);
  stop_for(100us);
  EXPECT_EQ(clock_set_back(), 10ms);
  EXPECT_EQ(rig.cpu(1).tsc_set_back, 10ms);
}

TEST_F(GuestClocksTest, RunningTimeIsNotTouched) {
  now += 1h;  // before the first instruction
  clocks.resumes();
  now += 1h;
  stop_for(20ms);
  EXPECT_EQ(clock_set_back(), 20ms);
  EXPECT_EQ(rig.machine.clock().now(), 1h);
}

}  // namespace
}  // namespace gdbvm
