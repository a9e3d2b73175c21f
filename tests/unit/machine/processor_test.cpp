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

TEST_F(ProcessorTest, WhatWasHandedOverComesThoughInterruptsAreHeldOff) {
  request(0x30);
  processor().set_guest_debug({.block_interrupts = true});
  EXPECT_EQ(processor().hand_over(), std::nullopt) << "the CPU does not take any";
  enable_interrupts();
  EXPECT_EQ(processor().hand_over(), 0x30);
  EXPECT_TRUE(in_service(0x30));
  request(0x31);
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30}) << "and no other";
}

TEST_F(ProcessorTest, AnNmiIsHandedOverWhereNoneIsMasked) {
  processor().inject_nmi();
  cpu().event_bank.nmi.masked = 1;
  EXPECT_EQ(processor().hand_over(), std::nullopt);
  cpu().event_bank.nmi.masked = 0;
  cpu().event_bank.interrupt.shadow = 1;
  EXPECT_EQ(processor().hand_over(), std::nullopt);
  cpu().event_bank.interrupt.shadow = 0;
  EXPECT_EQ(processor().hand_over(), 2);
  EXPECT_EQ(cpu().nmis, 1u);
  EXPECT_EQ(processor().hand_over(), std::nullopt) << "once";
}

TEST_F(ProcessorTest, ACpuThatWaitsIsWokenWithoutARun) {
  enable_interrupts();
  processor().set_run_state(x86::RunState::Halted);
  cpu().kick();
  EXPECT_FALSE(processor().wait_until_runnable());
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted);
  request(0x30);
  EXPECT_TRUE(processor().wait_until_runnable());
  EXPECT_EQ(processor().run_state(), x86::RunState::Runnable);
  EXPECT_TRUE(cpu().interrupts.empty());
}

TEST_F(ProcessorTest, AnInterruptBetweenTwoRunsIsNoKick) {
  enable_interrupts();
  run();
  request(0x30);
  EXPECT_FALSE(std::holds_alternative<exits::Interrupted>(run()));
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

TEST_F(ProcessorTest, WhatComesJustBeforeTheRunIsTakenFirst) {
  enable_interrupts();
  cpu().then(port_read());
  processor().run();
  request(0x30);
  cpu().completion = [this](FakeVcpu&) {
    processor().inject_nmi();  // as another thread may
    return exits::Interrupted{};
  };
  run();
  EXPECT_EQ(cpu().nmis, 1u);
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

TEST_F(ProcessorTest, TheTraceIsToldOfWhatIsTaken) {
  std::vector<TakenInterrupt> taken;
  processor().set_trace([&](const TakenInterrupt& interrupt) { taken.push_back(interrupt); });
  enable_interrupts();
  cpu().general_registers.rip = 0x1234;
  host_time += 5ms;
  run();
  EXPECT_TRUE(taken.empty());
  request(0x30);
  processor().kick();
  processor().run();
  EXPECT_TRUE(taken.empty()) << "the kick came first";
  host_time += 2ms;
  run();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].cpu, VcpuIndex{0});
  EXPECT_EQ(taken[0].vector, 0x30);
  EXPECT_EQ(taken[0].rip, 0x1234u);
  EXPECT_EQ(taken[0].time, 7ms);
  cpu().event_bank.nmi.masked = 1;
  processor().inject_nmi();
  run();
  EXPECT_EQ(taken.size(), 1u) << "the guest blocks NMIs";
  cpu().event_bank.nmi.masked = 0;
  run();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[1].vector, 2);
}

}  // namespace
}  // namespace gdbvm
