// What counts as steps that loop.
#include "vmm/debug/control/step_series.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

x86::GeneralRegisters at(std::uint64_t rip, std::uint64_t rax = 0) { return {.rax = rax, .rip = rip}; }

TEST(StepSeries, ManyRoundsWithTheSameRegistersWait) {
  StepSeries series;
  unsigned rounds = 0;
  while (rounds < 1000 && !series.waits(at(0x1000))) {
    EXPECT_FALSE(series.waits(at(0x1001)));
    ++rounds;
  }
  EXPECT_GE(rounds, 50u);
  EXPECT_LT(rounds, 200u);
  EXPECT_FALSE(series.waits(at(0x1001)));
  EXPECT_TRUE(series.waits(at(0x1000)));
}

TEST(StepSeries, ACounterIsProgress) {
  StepSeries series;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    EXPECT_FALSE(series.waits(at(0x1000, i)));
    EXPECT_FALSE(series.waits(at(0x1001, i)));
  }
}

TEST(StepSeries, ACounterInMemoryIsProgressWhereItPassesThroughARegister) {
  StepSeries series;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    EXPECT_FALSE(series.waits(at(0x1000)));
    EXPECT_FALSE(series.waits(at(0x1001, i)));
  }
}

TEST(StepSeries, ALoopAfterOtherCodeIsFound) {
  StepSeries series;
  for (std::uint64_t i = 0; i < 1000; ++i) (void)series.waits(at(0x2000 + i));
  bool waits = false;
  for (unsigned i = 0; i < 1000; ++i) waits = series.waits(at(0x1000 + i % 3)) || waits;
  EXPECT_TRUE(waits);
}

}  // namespace
}  // namespace gdbvm
