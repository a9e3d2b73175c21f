// Which exits leave an instruction for KVM to complete.
#include "vmm/debug/control/pending_access.h"

#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

struct PendingAccessTest : testing::Test, Rig {
  PendingAccessTest() : Rig(kvm_pvm()) {}
  DebuggedGuest guest{machine, host, [](const gdbstub::HitAction&, Vcpu&) { return gdbstub::Verdict::Stop; }};
  PendingAccess access{cpu(), guest};
};

TEST_F(PendingAccessTest, DeviceAccessesAndMsrWritesAreCompletedOnce) {
  unsigned completed = 0;
  for (const Exit& exit : {Exit(exits::Io{}), Exit(exits::Mmio{}), Exit(exits::MsrWrite{})}) {
    EXPECT_FALSE(access.answer(exit));
    EXPECT_TRUE(access.pending());
    access.settle();
    EXPECT_FALSE(access.pending());
    access.settle();
    EXPECT_EQ(cpu().completions, ++completed);
  }
}

TEST_F(PendingAccessTest, AHaltLeavesNothing) {
  EXPECT_FALSE(access.answer(exits::Halt{}));
  EXPECT_FALSE(access.pending());
}

}  // namespace
}  // namespace gdbvm
