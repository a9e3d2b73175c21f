// Whether a hit stops, by its conditions and commands.
#include "gdbstub/agent/breakpoint_action.h"

#include <gtest/gtest.h>

#include "tests/unit/gdbstub/agent/fake_hit.h"

namespace gdbstub {
namespace {

constexpr std::uint8_t end = 0x27;
const AgentBytecode yes{0x22, 1, end}, no{0x22, 0, end}, broken{0x02, end};
// printf "v=%d", 7
const AgentBytecode print{0x22, 7, 0x22, 0, 0x22, 0, 0x34, 1, 0, 5, 'v', '=', '%', 'd', 0, end};

Verdict verdict(std::vector<AgentBytecode> conditions, std::vector<AgentBytecode> commands, FakeHit& hit) {
  return make_hit_action(std::move(conditions), std::move(commands), {8, 4, 16})->evaluate(hit);
}

TEST(BreakpointAction, AnyTrueConditionStops) {
  FakeHit hit;
  EXPECT_EQ(verdict({yes}, {}, hit), Verdict::Stop);
  EXPECT_EQ(verdict({no}, {}, hit), Verdict::Resume);
  EXPECT_EQ(verdict({no, yes}, {}, hit), Verdict::Stop);
}

TEST(BreakpointAction, CommandsRunInPlaceOfAStop) {
  FakeHit hit;
  EXPECT_EQ(verdict({no}, {print}, hit), Verdict::Resume);
  EXPECT_EQ(hit.printed, "");
  EXPECT_EQ(verdict({}, {print, print}, hit), Verdict::Resume);
  EXPECT_EQ(hit.printed, "v=7v=7");
}

TEST(BreakpointAction, WhatFailsSaysWhyAndStops) {
  FakeHit of_condition, of_command;
  EXPECT_EQ(verdict({broken}, {}, of_condition), Verdict::Stop);
  EXPECT_NE(of_condition.printed, "");
  EXPECT_EQ(verdict({yes}, {broken}, of_command), Verdict::Stop);
  EXPECT_NE(of_command.printed, "");
}

}  // namespace
}  // namespace gdbstub
