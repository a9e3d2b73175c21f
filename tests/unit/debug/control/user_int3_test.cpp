// Which ends of a guest are int3s of ours at CPL 3, and how long its handler is looked for.
#include "vmm/debug/control/user_int3.h"

#include "tests/unit/debug/stops/armed_rig.h"

namespace gdbvm {
namespace {

// At CPL 3, just after the place of a breakpoint.
struct UserInt3Test : testing::Test, ArmedRig {
  UserInt3Test() : ArmedRig(kvm_pvm()) {
    (void)set_break(code);
    arm();
    enter_user_mode();
    cpu().general_registers.rip = code + 1;
  }
  UserInt3 user_int3{cpu(), armed, true};
};

TEST_F(UserInt3Test, ATripleFaultBehindABreakpointIsTakenBack) {
  EXPECT_EQ(user_int3.take_back(exits::Shutdown{}), Gva{code});
  EXPECT_EQ(rip(), code);
}

TEST_F(UserInt3Test, AnythingElseIsNotOurs) {
  EXPECT_EQ(user_int3.take_back(emulation_failure()), std::nullopt);
  cpu().general_registers.rip = code + 2;
  EXPECT_EQ(user_int3.take_back(exits::Shutdown{}), std::nullopt);
  cpu().general_registers.rip = code + 1;
  cpu().system_registers = machine.plan().system;  // CPL 0
  EXPECT_EQ(user_int3.take_back(exits::Shutdown{}), std::nullopt);
  EXPECT_EQ(rip(), code + 1);
}

TEST_F(UserInt3Test, WhereNothingButFlagsHasChangedSinceAStepAnotherOneTells) {
  EXPECT_FALSE(user_int3.perhaps(exits::Shutdown{}));
  user_int3.stepped();
  cpu().general_registers.rflags |= x86::rflags::rf;
  EXPECT_EQ(user_int3.take_back(exits::Shutdown{}), std::nullopt);
  EXPECT_TRUE(user_int3.perhaps(exits::Shutdown{}));
  EXPECT_FALSE(user_int3.perhaps(emulation_failure()));
}

TEST_F(UserInt3Test, AHandlerIsLookedForWhileThereIsNoneForSoManySteps) {
  cpu().system_registers = machine.plan().system;
  EXPECT_FALSE(user_int3.looks_for_handler());
  cpu().system_registers.idt.limit = 0;
  unsigned steps = 0;
  for (; steps < 10'000 && user_int3.looks_for_handler(); ++steps) user_int3.looked();
  EXPECT_EQ(steps, 3'000u);
  user_int3.reset();
  EXPECT_TRUE(user_int3.looks_for_handler());
  EXPECT_FALSE(UserInt3(cpu(), armed, false).looks_for_handler());
}

}  // namespace
}  // namespace gdbvm
