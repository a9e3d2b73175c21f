// The machine's time: it begins standing, runs with the host's and stands when it is told to.
#include "vmm/machine/clock.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class ClockTest : public testing::Test {
 protected:
  Clock::HostTime host_{100s};
  Clock clock_{[this] { return host_; }};
};

TEST_F(ClockTest, StandsAtZeroUntilItIsToGo) {
  host_ += 5s;
  EXPECT_EQ(clock_.now(), 0s);
  clock_.go();
  EXPECT_EQ(clock_.now(), 0s);
}

TEST_F(ClockTest, RunsAsTheHostsDoes) {
  clock_.go();
  host_ += 3ns;
  EXPECT_EQ(clock_.now(), 3ns);
}

TEST_F(ClockTest, LosesTheTimeForWhichItStands) {
  clock_.go();
  host_ += 1s;
  clock_.stop();
  host_ += 7s;
  EXPECT_EQ(clock_.now(), 1s);
  clock_.go();
  host_ += 2s;
  EXPECT_EQ(clock_.now(), 3s);
}

TEST_F(ClockTest, ToStopOrToGoTwiceChangesNothing) {
  clock_.go();
  host_ += 1s;
  clock_.go();
  EXPECT_EQ(clock_.now(), 1s);
  clock_.stop();
  host_ += 3s;
  clock_.stop();
  host_ += 4s;
  clock_.go();
  EXPECT_EQ(clock_.now(), 1s);
}

TEST_F(ClockTest, KnowsTheHostsTimeForItsOwn) {
  host_ += 1s;
  clock_.go();
  EXPECT_EQ(clock_.host_time(4s), host_ + 4s);
  clock_.stop();
  host_ += 1s;
  clock_.go();
  EXPECT_EQ(clock_.host_time(4s), host_ + 4s);
}

TEST_F(ClockTest, GoesOnFromTheTimeItIsSetTo) {
  clock_.go();
  host_ += 9s;
  clock_.stop();
  clock_.set(2s);
  EXPECT_EQ(clock_.now(), 2s);
  clock_.go();
  host_ += 1s;
  EXPECT_EQ(clock_.now(), 3s);
}

}  // namespace
}  // namespace gdbvm
