// A run that takes long is kicked; one that has ended is not.
#include "vmm/debug/control/patrol.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vcpu.h"

namespace gdbvm {
namespace {

TEST(Patrol, KicksAVcpuUntilItsRunEnds) {
  FakeVcpu vcpu({0});
  Patrol patrol({&vcpu});
  patrol.begin({0}, Patrol::Looks::Often);
  vcpu.wait_for_kicks(2);
  patrol.end({0});
}

TEST(Patrol, ARunThatTheHostFailsAtHasEnded) {
  FakeVcpu vcpu({0});
  Patrol patrol({&vcpu});
  const auto fail = [&] {
    const PatrolledRun run(patrol, {0}, Patrol::Looks::Often);
    throw std::runtime_error("no memory");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  while (!patrol.asleep()) std::this_thread::yield();
}

TEST(Patrol, ARunThatIsLookedAtSeldomIsKickedAsWell) {
  FakeVcpu vcpu({0});
  Patrol patrol({&vcpu});
  patrol.begin({0}, Patrol::Looks::Seldom);
  vcpu.wait_for_kicks(1);
  patrol.end({0});
}

TEST(Patrol, ItIsWokenByTheFirstRunAfterAPause) {
  FakeVcpu vcpu({0});
  Patrol patrol({&vcpu});
  for (unsigned i = 1; i <= 3; ++i) {
    patrol.begin({0}, Patrol::Looks::Often);
    vcpu.wait_for_kicks(i);
    patrol.end({0});
    while (!patrol.asleep()) std::this_thread::yield();
  }
}

}  // namespace
}  // namespace gdbvm
