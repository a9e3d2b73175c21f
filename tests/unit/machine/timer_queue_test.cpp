// The queue of the machine's events: their order, and which vCPU sees to it that they happen in time.
#include "vmm/machine/timer_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class TimerQueueTest : public testing::Test {
 protected:
  TimerQueueTest() { clock_.go(); }
  Timer& add(char name) {
    return queue_.add([this, name] { happened_ += name; });
  }
  std::string after(std::chrono::nanoseconds time) {
    host_ += time;
    happened_.clear();
    queue_.run_due();
    return happened_;
  }

  static constexpr VcpuIndex zero{0}, one{1};
  Clock::HostTime host_{};
  Clock clock_{[this] { return host_; }};
  TimerQueue queue_{clock_};
  std::string happened_;
};

TEST_F(TimerQueueTest, AnEventHappensOnceItIsDue) {
  add('a').set(5ms);
  EXPECT_EQ(after(5ms - 1ns), "");
  EXPECT_EQ(after(1ns), "a");
  EXPECT_EQ(after(1h), "") << "once";
}

TEST_F(TimerQueueTest, TheEarliestComesFirstAndOfEqualsTheOneAddedFirst) {
  Timer& a = add('a');
  Timer& b = add('b');
  Timer& c = add('c');
  c.set(1ms);
  b.set(2ms);
  a.set(2ms);
  EXPECT_EQ(queue_.next(), 1ms);
  EXPECT_EQ(after(3ms), "cab");
  EXPECT_EQ(queue_.next(), std::nullopt);
}

TEST_F(TimerQueueTest, ANewTimeReplacesTheOld) {
  Timer& a = add('a');
  a.set(1ms);
  a.set(3ms);
  EXPECT_EQ(after(2ms), "");
  EXPECT_EQ(after(1ms), "a");
  a.set(1ms);
  a.set(std::nullopt);
  EXPECT_EQ(after(1h), "");
}

TEST_F(TimerQueueTest, AnEventMaySetItsTimerAgain) {
  Timer* timer = nullptr;
  unsigned times = 0;
  timer = &queue_.add([&] {
    if (++times < 3) timer->set(0ms);
  });
  timer->set(1ms);
  after(1ms);
  EXPECT_EQ(times, 3u);
}

TEST_F(TimerQueueTest, ItsTimeStandsWithTheMachines) {
  add('a').set(5ms);
  clock_.stop();
  EXPECT_EQ(after(1h), "");
  clock_.go();
  EXPECT_EQ(after(5ms), "a");
}

TEST_F(TimerQueueTest, OneCpuKeepsIt) {
  EXPECT_EQ(queue_.keep(zero), std::nullopt) << "nothing to wait for";
  add('a').set(5ms);
  EXPECT_EQ(queue_.keep(zero), 5ms);
  EXPECT_EQ(queue_.keep(one), std::nullopt);
  EXPECT_EQ(queue_.keep(zero), 5ms) << "still";
}

TEST_F(TimerQueueTest, WhoSetsAnEarlierEventKeepsItFromThenOn) {
  add('a').set(5ms);
  queue_.keep(zero);
  add('b').set(3ms);
  EXPECT_EQ(queue_.keep(one), 3ms);
  EXPECT_EQ(queue_.keep(zero), std::nullopt);
}

TEST_F(TimerQueueTest, AKeeperThatLeavesIsReplacedByTheNextThatComesBy) {
  add('a').set(5ms);
  queue_.keep(zero);
  EXPECT_FALSE(queue_.leave(one)) << "not the keeper";
  EXPECT_EQ(queue_.keep(one), std::nullopt);
  EXPECT_TRUE(queue_.leave(zero));
  EXPECT_FALSE(queue_.leave(zero)) << "no more";
  EXPECT_EQ(queue_.keep(one), 5ms);
}

TEST_F(TimerQueueTest, WithoutAnEventThereIsNoKeeper) {
  Timer& a = add('a');
  a.set(5ms);
  queue_.keep(zero);
  a.set(std::nullopt);
  queue_.keep(zero);
  EXPECT_FALSE(queue_.leave(zero));
}

}  // namespace
}  // namespace gdbvm
