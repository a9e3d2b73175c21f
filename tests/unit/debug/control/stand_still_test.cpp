// When kicks find a vCPU where they found it before.
#include "vmm/debug/control/stand_still.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vcpu.h"

namespace gdbvm {
namespace {

struct Kicked : testing::Test {
  FakeVcpu vcpu{{0}};
  StandStill still;
};

TEST_F(Kicked, TwiceInTheSamePlaceItStandsStill) {
  still.after(exits::Interrupted{}, vcpu);
  EXPECT_FALSE(still.stands());
  still.after(exits::Interrupted{}, vcpu);
  EXPECT_TRUE(still.stands());
}

TEST_F(Kicked, WithARegisterChangedItDoesNot) {
  still.after(exits::Interrupted{}, vcpu);
  ++vcpu.general_registers.rcx;
  still.after(exits::Interrupted{}, vcpu);
  EXPECT_FALSE(still.stands());
}

TEST_F(Kicked, NorWithAnExitInBetweenOrAfter) {
  still.after(exits::Interrupted{}, vcpu);
  still.after(exits::Halt{}, vcpu);
  EXPECT_FALSE(still.stands());
  still.after(exits::Interrupted{}, vcpu);
  EXPECT_FALSE(still.stands());
}

}  // namespace
}  // namespace gdbvm
