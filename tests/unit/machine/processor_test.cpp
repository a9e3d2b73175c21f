// Delivery: which interrupts a CPU is handed, when, and what becomes of those that it does not take.
#include "tests/unit/machine/processor_fixture.h"

namespace gdbvm {
namespace {

exits::Io port_read() { return {exits::Io::Direction::In, 1, 0x60, 1, {}}; }

TEST_F(ProcessorTest, AnInterruptIsDeliveredWhereTheCpuTakesIt) {
  enable_interrupts();
  request(0x30);
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
  EXPECT_TRUE(in_service(0x30));
  EXPECT_FALSE(cpu().window);
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30}) << "once";
  EXPECT_EQ(cpu().completions, 0u) << "there is no access to complete";
}

TEST_F(ProcessorTest, WhereItDoesNotTheWindowIsAskedFor) {
  request(0x30);
  run();
  EXPECT_TRUE(cpu().interrupts.empty());
  EXPECT_TRUE(cpu().window);
  enable_interrupts();
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
  EXPECT_FALSE(cpu().window);
}

TEST_F(ProcessorTest, AStepNeedsNoWindow) {
  request(0x30);
  processor().set_guest_debug({.single_step = true});
  run();
  EXPECT_FALSE(cpu().window);
  enable_interrupts();
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
}

TEST_F(ProcessorTest, WhatTheCpuHasToTakeFirstKeepsAnInterruptOff) {
  enable_interrupts();
  request(0x30);
  std::array<x86::VcpuEvents, 4> first;
  first[0].interrupt.shadow = first[1].exception.injected = first[2].exception.pending = first[3].nmi.injected = 1;
  for (const auto& events : first) {
    cpu().event_bank = events;
    run();
    EXPECT_TRUE(cpu().interrupts.empty()) << &events - &first[0];
    EXPECT_TRUE(cpu().window) << &events - &first[0];
  }
}

TEST_F(ProcessorTest, TheWindowIsAskedForAgainWhileAnotherInterruptWaits) {
  set_up_pics(3);  // with automatic ends of interrupt: the guest makes no exit in its handler
  enable_interrupts();
  interrupts.set_line(3, true);
  request(0x50);
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{pic_base + 3});
  EXPECT_TRUE(cpu().window);
  run();
  EXPECT_EQ(cpu().interrupts, (Vectors{pic_base + 3, 0x50}));
  EXPECT_FALSE(cpu().window);
}

TEST_F(ProcessorTest, AnUnfinishedAccessIsCompletedBeforeAnInterrupt) {
  cpu().then(port_read());
  processor().run();
  request(0x30);
  cpu().completion = [this](FakeVcpu&) {
    EXPECT_TRUE(cpu().interrupts.empty());
    enable_interrupts();  // such as by an emulated popf
    return exits::Interrupted{};
  };
  run();
  EXPECT_EQ(cpu().completions, 1u);
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
}

TEST_F(ProcessorTest, ItsFurtherPartIsAnsweredFirst) {
  enable_interrupts();
  cpu().then(port_read());
  processor().run();
  request(0x30);
  cpu().completion = [](FakeVcpu&) { return port_read(); };
  EXPECT_TRUE(std::holds_alternative<exits::Io>(processor().run()));
  EXPECT_TRUE(cpu().interrupts.empty());
  cpu().completion = {};
  run();
  EXPECT_EQ(cpu().completions, 2u);
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
}

TEST_F(ProcessorTest, WithoutAnInterruptTheRunCompletesIt) {
  cpu().then(port_read());
  processor().run();
  run();
  EXPECT_EQ(cpu().completions, 0u);
}

TEST_F(ProcessorTest, AnNmiIsHandedOverOnce) {
  processor().inject_nmi();
  run();
  run();
  EXPECT_EQ(cpu().nmis, 1u);
}

TEST_F(ProcessorTest, BlockedInterruptsAndNmisWait) {
  enable_interrupts();
  request(0x30);
  processor().inject_nmi();
  processor().set_guest_debug({.block_interrupts = true});
  run();
  EXPECT_TRUE(cpu().interrupts.empty());
  EXPECT_EQ(cpu().nmis, 0u);
  EXPECT_FALSE(cpu().window);
  processor().set_guest_debug({});
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
  EXPECT_EQ(cpu().nmis, 1u);
}

TEST_F(ProcessorTest, AnInterruptThatAKickKeptOutWaitsInTheLocalApicAgain) {
  enable_interrupts();
  request(0x30);
  processor().kick();
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(processor().run()));
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
  EXPECT_FALSE(cpu().events().interrupt.injected);
  EXPECT_TRUE(requested(0x30));
  EXPECT_FALSE(in_service(0x30));
  processor().set_guest_debug({.single_step = true, .block_interrupts = true});
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30}) << "not into a step";
  processor().set_guest_debug({});
  run();
  EXPECT_EQ(cpu().interrupts, (Vectors{0x30, 0x30}));
}

TEST_F(ProcessorTest, OrInThePicThatItCameFrom) {
  set_up_pics();
  enable_interrupts();
  for (const unsigned line : {3u, 12u}) {
    interrupts.set_line(line, true);
    processor().kick();
    processor().run();
    const auto chips = interrupts.controllers();
    const auto& chip = line < 8 ? chips.master : chips.slave;
    EXPECT_TRUE(chip.requests >> (line & 7) & 1) << line;
    EXPECT_EQ(chips.master.in_service | chips.slave.in_service, 0) << line;
    interrupts.set_line(line, false);
  }
}

TEST_F(ProcessorTest, AnNmiThatAKickKeptOutIsHandedOverAgain) {
  processor().inject_nmi();
  processor().kick();
  processor().run();
  EXPECT_FALSE(cpu().events().nmi.pending);
  run();
  EXPECT_EQ(cpu().nmis, 2u);
  run();
  EXPECT_EQ(cpu().nmis, 2u) << "delivered";
}

TEST_F(ProcessorTest, ANewNmiIsNotBlockedByOneThatHasBeenTakenBack) {
  processor().inject_nmi();
  cpu().then([](FakeVcpu& guest) {
    guest.event_bank.nmi.injected = guest.event_bank.nmi.masked = 1;
    return exits::Interrupted{};
  });
  processor().run();
  EXPECT_FALSE(cpu().event_bank.nmi.injected);
  EXPECT_FALSE(cpu().event_bank.nmi.masked);
}

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
