// A CPU and its local APIC: where it is, what CR8 has to do with it, and whether the PICs come through it.
#include "tests/unit/machine/processor_fixture.h"

namespace gdbvm {
namespace {

TEST_F(ProcessorTest, Cr8KeepsInterruptsOff) {
  enable_interrupts();
  cpu().system_registers.cr8 = 5;
  request(0x30);
  run();
  EXPECT_TRUE(cpu().interrupts.empty());
  EXPECT_FALSE(cpu().window) << "lowering CR8 is an exit";
  cpu().then([](FakeVcpu& guest) {
    guest.system_registers.cr8 = 2;
    return exits::TaskPriority{};
  });
  processor().run();
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
}

TEST_F(ProcessorTest, Cr8IsTheTaskPriorityBothWays) {
  cpu().system_registers.cr8 = 5;
  EXPECT_EQ(processor().local_apic().at(lapic::task_priority), 0x50u);
  cpu().system_registers.cr8 = 6;
  EXPECT_EQ(guest_reads(lapic::task_priority), 0x60u);
  guest_writes(lapic::task_priority, 0x7f);
  EXPECT_EQ(cpu().system_registers.cr8, 7u);
  cpu().system_registers.cr8 = 9;
  guest_writes(lapic::end_of_interrupt, 0);
  EXPECT_EQ(cpu().system_registers.cr8, 9u) << "another register's write leaves it alone";
}

TEST_F(ProcessorTest, TheLocalApicAnswersInItsPageAlone) {
  constexpr std::uint64_t elsewhere = 0x12345000;
  std::uint32_t value = 0;
  const auto read = [&](std::uint64_t address) { return access_apic(address, value, exits::Mmio::Direction::Read); };
  EXPECT_EQ(guest_reads(lapic::spurious), 0x1ffu);
  EXPECT_FALSE(read(wiring::local_apic - 4));
  EXPECT_FALSE(read(wiring::local_apic + 0x1000));
  EXPECT_FALSE(read(wiring::local_apic + 0xffe)) << "over its end";
  cpu().system_registers.apic_base = elsewhere | 1u << 11;
  EXPECT_FALSE(read(wiring::local_apic + lapic::spurious));
  EXPECT_TRUE(read(elsewhere + lapic::spurious));
  EXPECT_EQ(value, 0x1ffu);
  disable_apic();
  EXPECT_FALSE(read(elsewhere + lapic::spurious));
}

TEST_F(ProcessorTest, EachCpuHasItsOwnLocalApicThere) {
  std::uint32_t id = 0;
  EXPECT_TRUE(access_apic(wiring::local_apic + lapic::id, id, exits::Mmio::Direction::Read, 1));
  EXPECT_EQ(id, 1u << 24);
}

TEST_F(ProcessorTest, ThePicsReachTheBootCpuThroughItsLint0) {
  set_up_pics();
  for (const unsigned number : {0u, 1u}) {
    enable_interrupts(number);
    processor(number).set_run_state(x86::RunState::Runnable);
    set_apic(lapic::lvt_lint0, ext_int | masked, number);
  }
  interrupts.set_line(3, true);
  run(0);
  run(1);
  EXPECT_TRUE(cpu(0).interrupts.empty());
  EXPECT_TRUE(cpu(1).interrupts.empty());
  set_apic(lapic::lvt_lint0, ext_int, 1);
  run(0);
  run(1);
  EXPECT_TRUE(cpu(0).interrupts.empty());
  EXPECT_EQ(cpu(1).interrupts, Vectors{pic_base + 3});
}

TEST_F(ProcessorTest, WithoutItsLocalApicTheBootCpuHasThemDirectly) {
  set_up_pics();
  for (const unsigned number : {0u, 1u}) {
    enable_interrupts(number);
    processor(number).set_run_state(x86::RunState::Runnable);
    disable_apic(number);
  }
  interrupts.set_line(3, true);
  run(1);
  EXPECT_TRUE(cpu(1).interrupts.empty()) << "its pin is not connected";
  run(0);
  EXPECT_EQ(cpu(0).interrupts, Vectors{pic_base + 3});
}

TEST_F(ProcessorTest, ADisabledLocalApicForgetsItsInterrupts) {
  enable_interrupts();
  request(0x30);
  disable_apic();
  run();
  EXPECT_TRUE(cpu().interrupts.empty());
  cpu().system_registers.apic_base |= 1u << 11;
  run();
  EXPECT_TRUE(cpu().interrupts.empty());
  EXPECT_EQ(guest_reads(lapic::spurious), 0xffu);
  guest_writes(lapic::spurious, 0x1ff);
  run();
  EXPECT_EQ(guest_reads(lapic::spurious), 0x1ffu) << "once";
}

}  // namespace
}  // namespace gdbvm
