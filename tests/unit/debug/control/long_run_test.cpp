// After how many periods a vCPU is kicked.
#include "vmm/debug/control/long_run.h"

#include <vector>

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

// The periods, counted from 1, in which a CPU is kicked that enters the guest again after each kick.
std::vector<unsigned> kicks(unsigned periods, bool often) {
  LongRun run;
  std::uint64_t runs = 1;
  std::vector<unsigned> kicked;
  for (unsigned period = 1; period <= periods; ++period) {
    if (!run.due(runs, often)) continue;
    kicked.push_back(period);
    runs += 2;
  }
  return kicked;
}

TEST(LongRun, OneThatIsLookedAtOftenIsKickedEverySecondPeriod) {
  EXPECT_EQ(kicks(8, true), (std::vector<unsigned>{2, 4, 6, 8}));
}

TEST(LongRun, OneThatOnlyKicksGetOutIsKickedEverMoreSeldom) {
  EXPECT_EQ(kicks(60, false), (std::vector<unsigned>{2, 4, 7, 12, 21, 38, 55}));
}

TEST(LongRun, AnExitOfItsOwnEndsThePatience) {
  LongRun run;
  std::uint64_t runs = 1;
  for (unsigned kicked = 0; kicked < 4; kicked += run.due(runs, false)) runs = 2 * kicked + 1;
  runs += 4;
  EXPECT_FALSE(run.due(runs, false));
  EXPECT_TRUE(run.due(runs, false));
}

TEST(LongRun, OutOfTheGuestNothingIsDue) {
  LongRun run;
  EXPECT_FALSE(run.due(2, true));
  EXPECT_FALSE(run.due(2, true));
  EXPECT_TRUE(run.idle(2));
  EXPECT_FALSE(run.idle(4));
  EXPECT_FALSE(run.due(3, true));
  EXPECT_FALSE(run.idle(3));
}

}  // namespace
}  // namespace gdbvm
