// What a machine starts from, at first and after a reset.
#include "vmm/machine/machine.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vm.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {
namespace {

boot::BootPlan plan() {
  boot::BootPlan plan;
  plan.placements.push_back({{0x100}, {1}});
  plan.system = x86::power_on::system(true);
  plan.general = x86::power_on::general();
  return plan;
}

struct MachineStart : testing::Test {
  int byte() { return std::to_integer<int>(*machine.memory().at({0x100}, 1)); }

  FakeVm vm;
  Chipset chipset{1};
  Machine machine{vm, chipset, 1 << 20, plan()};
};

TEST_F(MachineStart, ARestoredOneGoesBackToWhatItWasRestoredTo) {
  EXPECT_EQ(byte(), 1);
  int restored = 0;
  machine.start_from([&] {
    ++restored;
    EXPECT_NE(byte(), 3) << "RAM has started over";
    *machine.memory().at({0x100}, 1) = std::byte{2};
    machine.vcpu({0}).set_general({.rip = 0x1234});
  });
  EXPECT_EQ(restored, 1);
  EXPECT_EQ(byte(), 2);
  *machine.memory().at({0x100}, 1) = std::byte{3};
  machine.vcpu({0}).set_general({.rip = 0x5678});
  machine.reset();
  EXPECT_EQ(restored, 2);
  EXPECT_EQ(byte(), 2) << "what is restored comes after the plan";
  EXPECT_EQ(machine.vcpu({0}).general().rip, 0x1234u);
}

}  // namespace
}  // namespace gdbvm
