// Snapshots by name under a debugger: what is part of them, and what stays.
#include "vmm/debug/control/named_snapshots.h"

#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;

class NamedSnapshotsTest : public testing::Test {
 protected:
  ControlledRig s{everything_works()};
  snapshot::MachineSnapshots of_machine{s.machine};
  NamedSnapshots snapshots{s.machine, s.control, of_machine};
};

TEST_F(NamedSnapshotsTest, RegistersAndMemoryAreAsTheyWere) {
  s.put(s.data, 1);
  s.cpu().general_registers.rax = 1;
  s.cpu().time_stamp = 100;
  s.vm.kvmclock = 1000;
  ASSERT_TRUE(snapshots.take("here"));
  ASSERT_TRUE(s.machine.memory().write({s.data}, std::vector<std::uint8_t>{2}));
  s.cpu().general_registers.rax = 2;
  s.cpu().time_stamp = 200;
  s.vm.kvmclock = 2000;
  s.machine.vcpu({0}).set_run_state(x86::RunState::Halted);
  ASSERT_TRUE(snapshots.put_back("here"));
  EXPECT_EQ(s.get(s.data), 1u);
  EXPECT_EQ(s.cpu().general_registers.rax, 1u);
  EXPECT_EQ(s.cpu().time_stamp, 100u);
  EXPECT_EQ(s.vm.kvmclock, 1000u);
  EXPECT_EQ(s.machine.vcpu({0}).run_state(), x86::RunState::Runnable);
}

TEST_F(NamedSnapshotsTest, BreakpointsAreInNoneAndStay) {
  s.use_up_registers();
  s.set_break(s.code + 1);
  s.cpu().then(s.code + 1, int3_reported());
  s.resume();
  (void)s.next();
  ASSERT_EQ(*s.at(s.code + 1), SoftwareBreakpoints::int3);
  ASSERT_TRUE(snapshots.take("with"));
  ASSERT_TRUE(snapshots.put_back("with"));
  EXPECT_EQ(*s.at(s.code + 1), SoftwareBreakpoints::int3) << "set by the debugger, so planted again";
  s.control.held([&] {
    s.control.stops().remove(BreakpointKind::Software, {s.code + 1});
    s.control.armed().arm(s.machine.vcpu({0}));
  });
  EXPECT_EQ(*s.at(s.code + 1), 0x90);
}

TEST_F(NamedSnapshotsTest, OneOfTheSameNameReplacesTheOther) {
  s.cpu().general_registers.rax = 1;
  ASSERT_TRUE(snapshots.take("x"));
  s.cpu().general_registers.rax = 2;
  ASSERT_TRUE(snapshots.take("x"));
  s.cpu().general_registers.rax = 3;
  ASSERT_TRUE(snapshots.put_back("x"));
  EXPECT_EQ(s.cpu().general_registers.rax, 2u);
  EXPECT_EQ(snapshots.all().size(), 1u);
}

TEST_F(NamedSnapshotsTest, NamesThatAreNotThereAreErrorsAndFreeOnesAreFound) {
  EXPECT_EQ(snapshots.put_back("x").error().text, "there is no snapshot 'x'; see: info snapshots");
  EXPECT_FALSE(snapshots.remove("x"));
  EXPECT_EQ(snapshots.free_name(), "vm1");
  ASSERT_TRUE(snapshots.take("vm1"));
  EXPECT_EQ(snapshots.free_name(), "vm2");
  ASSERT_TRUE(snapshots.remove("vm1"));
  EXPECT_EQ(snapshots.free_name(), "vm1");
}

TEST_F(NamedSnapshotsTest, ARunningGuestIsStoppedFirst) {
  ASSERT_TRUE(snapshots.take("x"));
  s.resume();
  EXPECT_FALSE(snapshots.take("y"));
  EXPECT_FALSE(snapshots.put_back("x"));
  s.control.interrupt();
  (void)s.next();
  EXPECT_TRUE(snapshots.take("y"));
}

}  // namespace
}  // namespace gdbvm
