// What the machine's CPUs have to do with each other.
#include "vmm/machine/machine.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vm.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class MachineTest : public testing::Test {
 protected:
  static constexpr VcpuIndex zero{0}, one{1};
  static boot::BootPlan plan() {
    boot::BootPlan plan;
    plan.system = x86::power_on::system(true);
    plan.general = x86::power_on::general();
    return plan;
  }
  Exit run(VcpuIndex cpu) {
    vm.vcpus[cpu.value]->then(exits::InterruptWindow{});
    return machine.vcpu(cpu).run();
  }

  FakeVm vm;
  Chipset chipset{2};
  Machine machine{vm, chipset, 1 << 20, plan()};
};

TEST_F(MachineTest, ACpuThatRestsHandsTheTimersToTheOthers) {
  machine.vcpu(one).set_run_state(x86::RunState::Runnable);
  chipset.timers.add([] {}).set(1h);
  run(zero);
  run(one);
  EXPECT_EQ(vm.vcpus[1]->alarm, std::nullopt);
  machine.rests(one);
  EXPECT_FALSE(std::holds_alternative<exits::Interrupted>(run(zero))) << "it keeps them, and stays";
  machine.rests(zero);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(machine.vcpu(one).run()));
  run(one);
  EXPECT_NE(vm.vcpus[1]->alarm, std::nullopt);
}

TEST_F(MachineTest, TheInterruptTraceIsToldOfAllCpus) {
  std::vector<VcpuIndex> taken;
  machine.set_interrupt_trace([&](const TakenInterrupt& interrupt) { taken.push_back(interrupt.cpu); });
  machine.vcpu(one).set_run_state(x86::RunState::Runnable);
  for (const VcpuIndex cpu : {zero, one}) {
    machine.vcpu(cpu).inject_nmi();
    run(cpu);
  }
  EXPECT_EQ(taken, (std::vector{zero, one}));
}

TEST_F(MachineTest, ADeviceWakesTheCpuThatItsInterruptIsFor) {
  for (FakeVcpu* cpu : vm.vcpus) cpu->general_registers.rflags |= x86::rflags::interrupt;
  std::array<std::uint8_t, 4> enabled{0xff, 1, 0, 0};
  machine.handle(
      zero,
      exits::Mmio{{x86::wiring::local_apic + x86::lapic::spurious}, exits::Mmio::Direction::Write, std::span(enabled)});
  chipset.interrupts.write_io_apic(IoApic::select_offset, 0x10 + 2 * 16);
  chipset.interrupts.write_io_apic(IoApic::window_offset, 0x50);
  vm.vcpus[0]->then([&](FakeVcpu&) {
    chipset.interrupts.set_line(16, true);
    return exits::InterruptWindow{};
  });
  machine.vcpu(zero).run();
  vm.vcpus[0]->wait_for_kicks(1);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(machine.vcpu(zero).run()));
  run(zero);
  EXPECT_EQ(vm.vcpus[0]->interrupts.back(), 0x50);
}

}  // namespace
}  // namespace gdbvm
