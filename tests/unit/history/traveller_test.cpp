// Ways through the past of a machine whose every state is known.
#include "vmm/history/traveller.h"

#include <gtest/gtest.h>

#include "tests/unit/history/toy_world.h"

namespace gdbvm::history {
namespace {

using At = Arrival::At;

class TravellerTest : public testing::TestWithParam<unsigned> {
 protected:
  // A past of its own for each seed.
  void SetUp() override {
    world.live(6, 90);
    past = world.states;
    traveller.leaves(world.present());
  }
  // Not where an interrupt comes before the instruction.
  bool stops_at(std::size_t at) const {
    const bool taken_away = at + 1 < past.size() && past[at + 1].pc == ToyWorld::handler;
    return world.breakpoint(past[at]) && !taken_away;
  }
  std::optional<std::size_t> last_stop_before(std::size_t at) const {
    while (at-- > 0) {
      if (stops_at(at)) return at;
    }
    return std::nullopt;
  }

  ToyWorld world{GetParam()};
  Traveller traveller{world.timeline, world};
  std::vector<ToyState> past;
};

TEST_P(TravellerTest, StepsBackGoThroughEveryStateToTheBeginning) {
  for (std::size_t at = past.size() - 1; at > 0; --at) {
    ASSERT_EQ(traveller.step_back().at, At::Step);
    ASSERT_EQ(world.state, past[at - 1]) << at - 1 << " of " << past.size();
  }
  EXPECT_EQ(traveller.step_back().at, At::Begin);
  EXPECT_EQ(world.state, past[0]);
}

TEST_P(TravellerTest, WhatGoesBackAndOnComesToTheSameStates) {
  std::minstd_rand random(GetParam());
  std::size_t at = past.size() - 1;
  for (unsigned journey = 0; journey < 20; ++journey) {
    for (auto back = random() % 40; back > 0 && at > 0; --back) {
      ASSERT_EQ(traveller.step_back().at, At::Step);
      ASSERT_EQ(world.state, past[--at]);
    }
    for (auto on = random() % 20; on > 0 && at + 1 < past.size(); --on) {
      ASSERT_EQ(traveller.step_on().at, At::Step);
      ASSERT_EQ(world.state, past[++at]) << at << " of " << past.size();
    }
  }
}

TEST_P(TravellerTest, RunsBackStopAtEachBreakpointHitInTurn) {
  world.breakpoint = [](const ToyState& state) { return state.pc == 5 || state.pc == ToyWorld::handler; };
  std::size_t at = past.size() - 1;
  while (const auto stop = last_stop_before(at)) {
    const Arrival arrival = traveller.run_back();
    ASSERT_EQ(arrival.at, At::Stop);
    at = *stop;
    ASSERT_EQ(world.state, past[at]) << at << " of " << past.size();
  }
  EXPECT_EQ(traveller.run_back().at, At::Begin);
  EXPECT_EQ(world.state, past[0]);
}

TEST_P(TravellerTest, RunsBackEndBeforeTheWriteThatIsWatchedForDeliveriesToo) {
  world.watched = true;
  for (std::size_t at = past.size() - 1; at-- > 0;) {
    const bool delivery = past[at + 1].pc == ToyWorld::handler;
    if (!delivery && past[at].pc != ToyWorld::writes_at) continue;
    ASSERT_EQ(traveller.run_back().at, At::Stop);
    ASSERT_EQ(world.state, past[at]) << at << " of " << past.size();
  }
  EXPECT_EQ(traveller.run_back().at, At::Begin);
}

TEST_P(TravellerTest, WhereNothingIsWrittenNothingRuns) {
  world.tells_writes = true;
  EXPECT_EQ(traveller.run_back().at, At::Begin);
  EXPECT_EQ(world.state, past[0]);
  EXPECT_EQ(traveller.run_on().at, At::Present);
  EXPECT_EQ(world.state, past.back());
  EXPECT_EQ(world.moves, 0u);
}

TEST_P(TravellerTest, WritesAreFoundBothWaysThoughTheRestIsLeftOut) {
  traveller.settles();
  world.live(40, 5);
  past = world.states;
  traveller.leaves(world.present());
  world.watched = world.tells_writes = true;
  const auto writes = [this](std::size_t at) { return past[at].writes != past[at + 1].writes; };
  for (std::size_t at = past.size() - 1; at-- > 0;) {
    if (!writes(at)) continue;
    ASSERT_EQ(traveller.run_back().at, At::Stop);
    ASSERT_EQ(world.state, past[at]) << at << " of " << past.size();
  }
  EXPECT_EQ(traveller.run_back().at, At::Begin);
  for (std::size_t at = 0; at + 1 < past.size(); ++at) {
    if (!writes(at)) continue;
    ASSERT_EQ(traveller.run_on().at, At::Stop);
    ASSERT_EQ(world.state, past[at + 1]) << at << " of " << past.size();
  }
  EXPECT_EQ(traveller.run_on().at, At::Present);
}

TEST_P(TravellerTest, ARunOnStopsAtTheNextHitOrInThePresent) {
  world.breakpoint = [](const ToyState& state) { return state.pc == 9; };
  while (traveller.step_back().at == At::Step) {
  }
  for (std::size_t at = 1; at < past.size(); ++at) {
    if (!stops_at(at)) continue;
    ASSERT_EQ(traveller.run_on().at, At::Stop);
    ASSERT_EQ(world.state, past[at]) << at << " of " << past.size();
    if (at + 1 < past.size()) {
      ASSERT_EQ(traveller.step_on().at, At::Step);
    }
  }
  EXPECT_EQ(traveller.run_on().at, At::Present);
  EXPECT_TRUE(traveller.at_present());
  EXPECT_EQ(world.state, past.back());
}

TEST_P(TravellerTest, AChangeByHandIsAStepOfItsOwn) {
  traveller.settles();
  world.change(4711);
  for (unsigned i = 0; i < 5; ++i) world.live_step();
  traveller.leaves(world.present());
  const auto& states = world.states;
  for (std::size_t at = states.size() - 1; at > 0; --at) {
    ASSERT_EQ(traveller.step_back().at, At::Step);
    ASSERT_EQ(world.state, states[at - 1]) << at - 1 << " of " << states.size();
  }
}

TEST_P(TravellerTest, AChangeWhereASegmentBeginsIsPassedGoingOn) {
  traveller.settles();
  world.change(4711);
  world.change(4712);
  traveller.leaves(world.present());
  traveller.go_to(world.timeline.at(world.timeline.last() - 1).start);
  EXPECT_EQ(world.state.value, 4711u);
  EXPECT_EQ(traveller.step_on().at, At::Step);
  EXPECT_EQ(world.state.value, 4712u);
  EXPECT_EQ(traveller.step_on().at, At::Present);
}

TEST_P(TravellerTest, APlaceThatWasWrittenDownIsFoundAgain) {
  std::minstd_rand random(GetParam());
  for (auto back = 1 + random() % 100; back > 0; --back) {
    if (traveller.step_back().at == At::Begin) break;
  }
  const ToyState wanted = world.state;
  const KeyframePtr here = traveller.here();
  const auto& start = *world.timeline.at(here->event).start;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(here->time - start.time);
  const Position written{here->event, here->met, time, world.digest()};
  traveller.go_to_present();
  ASSERT_EQ(traveller.go_to(written).at, At::Step);
  EXPECT_EQ(world.state, wanted);
}

TEST_P(TravellerTest, APlaceThatNeverWasIsNotFound) {
  const Position wrong{world.timeline.last(), 0, {}, Digest{1, 2}};
  EXPECT_EQ(traveller.go_to(wrong).at, At::Lost);
  EXPECT_EQ(world.state, past.back());
}

TEST_P(TravellerTest, StepsAfterAnEventGoOnIntoTheNextSegments) {
  for (std::size_t steps = 0; steps < past.size(); ++steps) {
    ASSERT_EQ(traveller.go_to(1, steps).at, At::Step);
    ASSERT_EQ(world.state, past[steps]) << steps << " of " << past.size();
  }
  traveller.go_to_present();
  EXPECT_EQ(traveller.go_to(1, past.size()).at, At::Lost) << "the present is not passed";
  EXPECT_EQ(world.state, past.back());
}

TEST_P(TravellerTest, AMachineThatDoesSomethingElseIsLostAndBackWhereItWas) {
  world.disordered = true;
  Arrival arrival = traveller.step_back();
  ToyState before = world.state;
  while (arrival.at == At::Step) {
    before = world.state;
    arrival = traveller.step_back();
  }
  EXPECT_EQ(arrival.at, At::Lost);
  EXPECT_EQ(world.state, before);
}

TEST_P(TravellerTest, AUserWhoHasHadEnoughIsWhereHeWas) {
  world.refuses_after = 1;
  EXPECT_EQ(traveller.run_back().at, At::Refused);
  EXPECT_EQ(world.state, past.back());
  EXPECT_TRUE(traveller.at_present());
}

INSTANTIATE_TEST_SUITE_P(Seeds, TravellerTest, testing::Range(1u, 21u));

TEST(Timeline, TheOldestGoesAndNumbersStay) {
  ToyWorld world{1};
  world.live(5, 10);
  world.timeline.forget_first();
  EXPECT_EQ(world.timeline.first(), 2u);
  EXPECT_EQ(world.timeline.last(), 5u);
  EXPECT_EQ(world.timeline.at(2).start->event, 2u);
}

TEST(Timeline, AMarkGoesWithItsSegment) {
  ToyWorld world{1};
  world.live(5, 10);
  world.timeline.mark("first", world.timeline.at(1).start);
  world.timeline.mark("fourth", world.timeline.at(4).start);
  world.timeline.forget_first();
  EXPECT_FALSE(world.timeline.marks().contains("first"));
  EXPECT_TRUE(world.timeline.marks().contains("fourth"));
  world.timeline.forget_after(*world.timeline.at(3).start);
  EXPECT_TRUE(world.timeline.marks().empty());
}

TEST(Timeline, AMarkWhereTheNewFutureBeginsStays) {
  ToyWorld world{1};
  world.live(5, 10);
  const KeyframePtr here = world.present();
  world.timeline.mark("here", here);
  world.timeline.mark("as far, as one can tell", world.present());
  world.timeline.mark("start", world.timeline.at(5).start);
  world.timeline.forget_after(*here);
  EXPECT_TRUE(world.timeline.marks().contains("here"));
  EXPECT_TRUE(world.timeline.marks().contains("start"));
  EXPECT_FALSE(world.timeline.marks().contains("as far, as one can tell"));
}

TEST(Timeline, WhatCameAfterAPlaceIsForgottenAndItsMeetingsAreKept) {
  ToyWorld world{1};
  for (int segment = 0; segment < 5; ++segment) {
    world.begin_segment(false);
    for (int step = 0; step < 60; ++step) world.live_step();
  }
  ASSERT_GT(world.timeline.at(3).meetings.size(), 1u);
  Keyframe place = *world.timeline.at(3).start;
  place.at_start = false;
  place.met = 1;
  world.timeline.forget_after(place);
  EXPECT_EQ(world.timeline.last(), 3u);
  EXPECT_EQ(world.timeline.present().meetings.size(), 1u);
  EXPECT_EQ(world.timeline.next(), 4u);
}

}  // namespace
}  // namespace gdbvm::history
