// A run that takes long is kicked; one that has ended is not.
#include "vmm/debug/control/guard_patrol.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vcpu.h"

namespace gdbvm {
namespace {

TEST(GuardPatrol, KicksAVcpuUntilItsRunEnds) {
  FakeVcpu vcpu({0});
  GuardPatrol patrol({&vcpu});
  patrol.begin({0});
  vcpu.wait_for_kicks(2);
  patrol.end({0});
}

TEST(GuardPatrol, ARunThatHasEndedIsNotKicked) {
  FakeVcpu first({0}), second({1});
  GuardPatrol patrol({&first, &second});
  patrol.begin({0});
  patrol.end({0});
  patrol.begin({1});
  second.wait_for_kicks(2);
  patrol.end({1});
  first.then(0x1000, exits::Halt{});
  EXPECT_TRUE(std::holds_alternative<exits::Halt>(first.run()));
}

}  // namespace
}  // namespace gdbvm
