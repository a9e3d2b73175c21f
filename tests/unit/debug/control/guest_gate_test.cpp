// Turns and exclusive sections, on threads.
#include "vmm/debug/control/guest_gate.h"

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vcpu.h"

namespace gdbvm {
namespace {

struct GuestGateTest : testing::Test {
  FakeVcpu first{{0}}, second{{1}};
  GuestGate gate{{&first, &second}};
};

TEST_F(GuestGateTest, AParkedCpuMayNotEnter) {
  gate.ask_to_park({0});
  EXPECT_FALSE(gate.enter({0}));
  EXPECT_TRUE(gate.enter({1}));
  gate.leave({1});
  gate.allow({0});
  EXPECT_TRUE(gate.enter({0}));
}

TEST_F(GuestGateTest, AnExclusiveSectionKicksThoseInATurnAndWaitsForThem) {
  std::latch entered(1);
  std::atomic<bool> left = false;
  std::thread guest([&] {
    ASSERT_TRUE(gate.enter({0}));
    entered.count_down();
    EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(first.run()));  // until the kick
    left = true;
    gate.leave({0});
  });
  entered.wait();
  gate.begin_exclusive();
  EXPECT_TRUE(left);
  gate.end_exclusive();
  guest.join();
}

TEST_F(GuestGateTest, AParkRequestReachesACpuThatWaitsOutside) {
  gate.begin_exclusive();
  auto waiting = std::async(std::launch::async, [&] { return gate.enter({0}); });
  gate.ask_to_park({0});
  EXPECT_FALSE(waiting.get());
  gate.end_exclusive();
}

TEST_F(GuestGateTest, ExclusiveSectionsNeverOverlapTurns) {
  int shared = 0;  // not atomic: only the gate keeps the threads apart
  std::vector<std::thread> threads;
  for (FakeVcpu* vcpu : {&first, &second}) {
    threads.emplace_back([&, vcpu] {
      for (int i = 0; i < 500; ++i) {
        const ExclusiveSection section(gate, vcpu->index());
        ++shared;
      }
    });
  }
  for (int i = 0; i < 500; ++i) {
    const ExclusiveSection section(gate);
    ++shared;
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(shared, 1500);
}

// A CPU that does nothing but step must not keep the other one from running for more than an instant at a time.
TEST_F(GuestGateTest, OneThatAlwaysWantsToBeAloneLetsTheOtherRun) {
  std::atomic<bool> ran = false;
  std::thread guest([&] {
    while (!ran) {
      ASSERT_TRUE(gate.enter({1}));
      const auto begun = std::chrono::steady_clock::now();
      (void)second.run();
      if (std::chrono::steady_clock::now() - begun > GuestGate::slice / 2) ran = true;
      gate.leave({1});
    }
  });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!ran && std::chrono::steady_clock::now() < deadline) {
    const ExclusiveSection section(gate, {0});
  }
  EXPECT_TRUE(ran);
  ran = true;
  second.kick();
  guest.join();
}

// On one processor, the CPU that has just been alone keeps running and would always be the first to ask again.
TEST_F(GuestGateTest, SectionsComeInTheOrderTheyWereAskedFor) {
  std::vector<int> order;
  gate.begin_exclusive({0});
  std::thread other([&] {
    const ExclusiveSection section(gate, {1});
    order.push_back(1);
  });
  first.wait_for_kicks(1);  // by the CPU that has waited long
  gate.end_exclusive();
  {
    const ExclusiveSection section(gate, {0});
    order.push_back(0);
  }
  other.join();
  EXPECT_EQ(order, (std::vector{1, 0}));
}

TEST_F(GuestGateTest, AHeadStartKeepsTheOthersOutUntilTheTurnEnds) {
  GuestGate patient({&first, &second}, std::chrono::hours(1));
  for (int i = 0; i < 50; ++i) {
    std::atomic<bool> left = false;
    patient.give_head_start({0});
    std::thread other([&] {
      EXPECT_TRUE(patient.enter({1}));
      EXPECT_TRUE(left);
      patient.leave({1});
    });
    ASSERT_TRUE(patient.enter({0}));
    std::this_thread::yield();
    left = true;
    patient.leave({0});
    other.join();
  }
}

TEST_F(GuestGateTest, AHeadStartThatNobodyTakesHoldsNobodyUpForLong) {
  gate.give_head_start({0});
  EXPECT_TRUE(gate.enter({1}));
  gate.leave({1});
  gate.give_head_start({0});
  EXPECT_TRUE(gate.enter({0}));
  gate.leave({0});
  gate.give_head_start({0});
  gate.ask_to_park({0});
  EXPECT_FALSE(gate.enter({0}));
  EXPECT_TRUE(gate.enter({1}));
  gate.leave({1});
}

TEST_F(GuestGateTest, ASectionThatDoesNotEndIsKicked) {
  gate.begin_exclusive({0});
  std::thread other([&] {
    ASSERT_TRUE(gate.enter({1}));
    gate.leave({1});
  });
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(first.run()));
  gate.end_exclusive();
  other.join();
}

TEST_F(GuestGateTest, AParkRequestReachesTheOneThatIsAlone) {
  gate.begin_exclusive({0});
  gate.ask_to_park({0});
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(first.run()));
  gate.end_exclusive();
}

TEST_F(GuestGateTest, AHoldKeepsAllOutBetweenTheDebuggersSections) {
  std::atomic<int> in = 0;
  std::optional<GuestHold> hold(gate);
  std::thread turn([&] {
    ASSERT_TRUE(gate.enter({0}));
    ++in;
    gate.leave({0});
  });
  std::thread alone([&] {
    const ExclusiveSection section(gate, {1});
    ++in;
  });
  for (int i = 0; i < 1000; ++i) {
    const GuestHold another(gate);
    const ExclusiveSection section(gate);
    EXPECT_EQ(in, 0);
    std::this_thread::yield();
  }
  hold.reset();
  turn.join();
  alone.join();
  EXPECT_EQ(in, 2);
}

// Whoever waits for all to park, as at a client's end, need not wait for the hold's end.
TEST_F(GuestGateTest, WhoIsAskedToParkDoesSoDuringAHold) {
  const GuestHold hold(gate);
  std::thread settling([&] { const ExclusiveSection section(gate, {0}); });
  auto entering = std::async(std::launch::async, [&] { return gate.enter({1}); });
  gate.ask_to_park({0});
  gate.ask_to_park({1});
  EXPECT_FALSE(entering.get());
  settling.join();
}

TEST_F(GuestGateTest, NorIsItHeldUpByOneThatIsNot) {
  gate.begin_exclusive({0});
  std::thread steps([&] { const ExclusiveSection section(gate, {1}); });
  first.wait_for_kicks(1);  // by the CPU that waits for the next section
  gate.begin_hold();
  gate.end_exclusive();
  gate.ask_to_park({0});
  gate.begin_exclusive({0});
  gate.end_exclusive();
  gate.end_hold();
  steps.join();
}

TEST_F(GuestGateTest, AnInspectionKeepsSectionsOutAndLetsTurnsGoOn) {
  gate.begin_inspection();
  ASSERT_TRUE(gate.enter({0}));
  std::atomic<bool> alone = false;
  std::thread other([&] {
    const ExclusiveSection section(gate, {1});
    alone = true;
  });
  EXPECT_FALSE(gate.turn_should_end({0}));
  gate.leave({0});
  EXPECT_FALSE(alone);
  gate.end_inspection();
  other.join();
  EXPECT_TRUE(alone);
}

}  // namespace
}  // namespace gdbvm
