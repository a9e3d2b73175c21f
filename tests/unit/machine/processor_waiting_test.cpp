// A CPU that halts, waits to be started, or has to be back in time: what run() waits for, and until when.
#include <atomic>
#include <thread>

#include "tests/unit/machine/processor_fixture.h"

namespace gdbvm {
namespace {

class WaitingProcessorTest : public ProcessorTest {
 protected:
  static constexpr std::uint32_t init = 0x500, start_up = 0x600;
  void halt() {
    cpu().then(exits::Halt{});
    processor().run();
  }
  // A run that ends while the CPU still waits.
  void run_to_kick(unsigned number = 0) {
    processor(number).kick();
    EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(processor(number).run()));
  }
  // A message to CPU 1, by CPU 0's command register.
  void send(std::uint32_t command) {
    set_apic(lapic::command_high, 1u << 24);
    set_apic(lapic::command_low, command);
  }
};

TEST_F(WaitingProcessorTest, AHaltedCpuWaitsForAKick) {
  halt();
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted);
  run_to_kick();
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted);
  EXPECT_EQ(cpu().debug_at_run.size(), 1u) << "it has not executed anything";
}

TEST_F(WaitingProcessorTest, AnInterruptWakesIt) {
  enable_interrupts();
  halt();
  std::thread other([this] {
    cpu().wait_until_it_waits();
    request(0x30);
  });
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(processor().run()));
  other.join();
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
  EXPECT_EQ(processor().run_state(), x86::RunState::Runnable);
}

TEST_F(WaitingProcessorTest, OnlyOneThatItTakesDoes) {
  halt();
  request(0x30);
  run_to_kick();
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted) << "interrupts are off";
  enable_interrupts();
  cpu().system_registers.cr8 = 5;
  run_to_kick();
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted) << "CR8 is higher";
  cpu().system_registers.cr8 = 0;
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x30});
}

TEST_F(WaitingProcessorTest, ABlockedInterruptWakesItAndWaits) {
  enable_interrupts();
  halt();
  request(0x30);
  processor().set_guest_debug({.block_interrupts = true});
  run();
  EXPECT_EQ(processor().run_state(), x86::RunState::Runnable);
  EXPECT_TRUE(cpu().interrupts.empty());
}

TEST_F(WaitingProcessorTest, AnInterruptThatAKickKeptOutWakesACpuThatIsHaltedThen) {
  enable_interrupts();
  request(0x30);
  run_to_kick();
  processor().set_run_state(x86::RunState::Halted);
  run();
  EXPECT_EQ(cpu().interrupts, (Vectors{0x30, 0x30}));
}

TEST_F(WaitingProcessorTest, AnNmiWakesItUnlessTheCpuIsInTheHandlerOfOne) {
  halt();
  cpu().event_bank.nmi.masked = 1;
  processor().inject_nmi();
  run_to_kick();
  EXPECT_EQ(processor().run_state(), x86::RunState::Halted);
  cpu().event_bank.nmi.masked = 0;
  run();
  EXPECT_EQ(cpu().nmis, 1u);
}

TEST_F(WaitingProcessorTest, ItsOwnTimerWakesIt) {
  enable_interrupts();
  halt();
  set_own_timer(3ms);
  each_look = 100us;
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{0x40});
  EXPECT_EQ(cpu().waited_until, at(3ms));
}

TEST_F(WaitingProcessorTest, TheMachinesTimerExpiresWhileItWaits) {
  set_up_pics();
  enable_interrupts();
  halt();
  timers.add([this] { interrupts.set_line(3, true); }).set(2ms);
  each_look = 100us;
  run();
  EXPECT_EQ(cpu().interrupts, Vectors{pic_base + 3});
}

TEST_F(WaitingProcessorTest, ARunningCpuIsBackForTheEarlierOfBothTimers) {
  run();
  EXPECT_EQ(cpu().alarm, std::nullopt);
  set_own_timer(5ms);
  Timer& timer = timers.add([] {});
  for (const auto& [delay, earlier] : {std::pair{3ms, 3ms}, {7ms, 5ms}}) {
    timer.set(delay);
    run();
    EXPECT_EQ(cpu().alarm, at(earlier)) << delay.count();
  }
  timer.set(std::nullopt);
  run();
  EXPECT_EQ(cpu().alarm, at(5ms));
}

TEST_F(WaitingProcessorTest, WhatIsDueHappensBeforeItRuns) {
  enable_interrupts();
  set_own_timer(5ms);
  bool expired = false;
  timers.add([&] { expired = true; }).set(5ms);
  host_time += 5ms;
  run();
  EXPECT_TRUE(expired);
  EXPECT_EQ(cpu().interrupts, Vectors{0x40});
}

TEST_F(WaitingProcessorTest, OneCpuKeepsTheMachinesTimersUntilItRests) {
  processor(1).set_run_state(x86::RunState::Runnable);
  timers.add([] {}).set(3ms);
  run(0);
  run(1);
  EXPECT_EQ(cpu(0).alarm, at(3ms));
  EXPECT_EQ(cpu(1).alarm, std::nullopt);
  EXPECT_FALSE(processor(1).rest());
  EXPECT_TRUE(processor(0).rest());
  run(1);
  EXPECT_EQ(cpu(1).alarm, at(3ms));
}

TEST_F(WaitingProcessorTest, OtherCpusWaitToBeStarted) {
  EXPECT_EQ(processor(1).run_state(), x86::RunState::WaitsForStart);
  enable_interrupts(1);
  request(0x30, 1);
  processor(1).inject_nmi();
  run_to_kick(1);
  EXPECT_EQ(processor(1).run_state(), x86::RunState::WaitsForStart);
  send(start_up | 0x9a);
  run(1);
  EXPECT_EQ(processor(1).run_state(), x86::RunState::Runnable);
  EXPECT_EQ(cpu(1).system().cs.base, 0x9a000u);
  EXPECT_EQ(cpu(1).system().cs.selector, 0x9a00u);
  EXPECT_EQ(cpu(1).general().rip, 0u);
}

TEST_F(WaitingProcessorTest, AStartMeansNothingToACpuThatRunsOrHalts) {
  for (const auto state : {x86::RunState::Runnable, x86::RunState::Halted}) {
    processor(1).set_run_state(state);
    send(start_up | 0x9a);
    run_to_kick(1);
    EXPECT_EQ(processor(1).run_state(), state);
    EXPECT_EQ(cpu(1).general().rip, x86::power_on::general().rip);
  }
}

TEST_F(WaitingProcessorTest, InitMakesACpuWaitForItsStart) {
  processor(1).set_run_state(x86::RunState::Runnable);
  constexpr std::uint64_t moved_apic = 0x12345000 | 1u << 11;
  cpu(1).system_registers.apic_base = moved_apic;
  cpu(1).system_registers.cr0 |= x86::cr0::pe;
  cpu(1).general_registers.rip = 0x1234;
  cpu(1).event_bank.nmi.masked = 1;
  cpu(1).debug_register_bank.db[0] = 1;
  request(0x30, 1);
  processor(1).inject_nmi();
  send(init);
  run_to_kick(1);
  EXPECT_EQ(processor(1).run_state(), x86::RunState::WaitsForStart);
  EXPECT_EQ(cpu(1).general().rip, x86::power_on::general().rip);
  EXPECT_EQ(cpu(1).system().cr0, x86::power_on::system(false).cr0);
  EXPECT_EQ(cpu(1).system().apic_base, moved_apic);
  EXPECT_FALSE(cpu(1).events().nmi.masked);
  EXPECT_EQ(cpu(1).debug_registers().db[0], 0u);
  EXPECT_FALSE(processor(1).local_apic().bit(lapic::requests, 0x30));
  send(start_up | 0x9a);
  run(1);
  EXPECT_EQ(cpu(1).system().cs.base, 0x9a000u);
  EXPECT_EQ(cpu(1).nmis, 0u);
}

TEST_F(WaitingProcessorTest, AnAccessThatInitInterruptsIsCompletedBeforeIt) {
  processor(1).set_run_state(x86::RunState::Runnable);
  cpu(1).then(exits::Mmio{{0x12345000}, exits::Mmio::Direction::Read, {}});
  processor(1).run();
  cpu(1).completion = [](FakeVcpu& guest) {
    guest.general_registers.rip = 0x5678;
    return exits::Interrupted{};
  };
  send(init);
  run_to_kick(1);
  EXPECT_EQ(cpu(1).completions, 1u);
  EXPECT_EQ(cpu(1).general().rip, x86::power_on::general().rip);
}

TEST_F(WaitingProcessorTest, TheBootCpuGoesOnAtTheResetVectorAfterInit) {
  cpu().general_registers.rip = 0x1234;
  set_apic(lapic::command_low, init);  // to APIC 0
  run();
  EXPECT_EQ(processor().run_state(), x86::RunState::Runnable);
  EXPECT_EQ(cpu().general().rip, x86::power_on::general().rip);
}

TEST_F(WaitingProcessorTest, AResetForgetsWhatIsUnderWay) {
  processor(1).set_run_state(x86::RunState::Runnable);
  cpu(1).then(exits::Mmio{{0x12345000}, exits::Mmio::Direction::Read, {}});
  processor(1).run();
  processor().inject_nmi();
  halt();
  for (const unsigned number : {0u, 1u}) processor(number).reset();
  interrupts.reset();
  EXPECT_EQ(processor(0).run_state(), x86::RunState::Runnable);
  EXPECT_EQ(processor(1).run_state(), x86::RunState::WaitsForStart);
  EXPECT_EQ(cpu(0).resets, 2u);  // with the fixture's
  run();
  EXPECT_EQ(cpu().nmis, 1u) << "from before it halted";
  enable_interrupts(1);
  processor(1).set_run_state(x86::RunState::Runnable);
  set_apic(lapic::spurious, 0x1ff, 1);
  request(0x30, 1);
  run(1);
  EXPECT_EQ(cpu(1).completions, 0u);
}

// Whatever moment a request comes at: before the CPU looks, between that and its run, or while it is in the guest.
TEST_F(WaitingProcessorTest, NoRequestOfAnotherThreadIsLost) {
  constexpr unsigned count = 2000, line = 16;  // none of the PICs'
  constexpr std::uint8_t vector = 0x30;
  interrupts.write_io_apic(IoApic::select_offset, 0x10 + 2 * line);
  interrupts.write_io_apic(IoApic::window_offset, vector);
  enable_interrupts();
  std::atomic<unsigned> handled = 0;
  cpu().handler = [&](FakeVcpu&) {
    guest_writes(lapic::end_of_interrupt, 0);
    ++handled;
    handled.notify_one();
    return exits::Interrupted{};
  };
  std::thread device([&] {
    for (unsigned i = 0; i < count; ++i) {
      interrupts.set_line(line, true);
      handled.wait(i);
      interrupts.set_line(line, false);
    }
  });
  while (handled < count) {
    if (handled % 2) processor().set_run_state(x86::RunState::Halted);
    processor().run();
  }
  device.join();
  EXPECT_EQ(handled, count);
}

// On a slow host the next event is always less than a step away.
TEST_F(ProcessorTest, NoAlarmKeepsAStepFromBeingTaken) {
  set_own_timer(5ms);
  processor().set_guest_debug({.single_step = true, .block_interrupts = true});
  run();
  EXPECT_EQ(cpu().alarm, std::nullopt);
  processor().set_guest_debug({});
  run();
  EXPECT_NE(cpu().alarm, std::nullopt);
}

}  // namespace
}  // namespace gdbvm
