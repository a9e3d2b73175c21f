// How often the patrol looks at a run, by what may get stuck in it.
#include "vmm/debug/control/debugged_guest.h"

#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

using enum Patrol::Looks;

struct LooksAt : testing::Test, Rig {
  LooksAt() : Rig(kvm_pvm()) {}
  void arm() { guest.armed.arm(cpu()); }

  DebuggedGuest guest{machine, host, [](const gdbstub::HitAction&, Vcpu&) { return gdbstub::Verdict::Stop; }};
};

TEST_F(LooksAt, LongModeWithoutStopsIsLeftAlone) { EXPECT_EQ(guest.looks_at(cpu(), false), Never); }

TEST_F(LooksAt, OtherModesAreLookedAtUntilTheCpuStandsStill) {
  cpu().system_registers.efer = 0;
  EXPECT_EQ(guest.looks_at(cpu(), false), Seldom);
  EXPECT_EQ(guest.looks_at(cpu(), true), Never);
}

TEST_F(LooksAt, GuardedPagesAreLookedAtOften) {
  (void)guest.stops.insert(gdbstub::WatchKind::Write, {data}, 4, {});
  arm();
  EXPECT_EQ(guest.looks_at(cpu(), true), Often);
}

TEST_F(LooksAt, AnAwaitedHandlerIsLookedForWhileTheCpuMoves) {
  cpu().system_registers.idt.limit = 0;
  (void)guest.stops.insert(gdbstub::BreakpointKind::Hardware, {code}, {});
  arm();
  EXPECT_EQ(guest.looks_at(cpu(), false), Often);
  EXPECT_EQ(guest.looks_at(cpu(), true), Seldom);
}

}  // namespace
}  // namespace gdbvm
