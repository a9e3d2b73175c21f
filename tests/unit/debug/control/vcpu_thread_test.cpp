// The states of a vCPU's thread, one by one and without a thread: a FakeVcpu leaves the guest, the machine moves on.
#include "vmm/debug/control/vcpu_thread.h"

#include "tests/unit/debug/rig.h"
#include "vmm/debug/control/step_time.h"

namespace gdbvm {
namespace {

using namespace gdbstub;
using enum VcpuState;

class VcpuStates : public testing::Test, public Rig, private VcpuThread::Owner {
 protected:
  explicit VcpuStates(HostStops stops = kvm_intel(), Clock::HostClock host_clock = std::chrono::steady_clock::now)
      : Rig(stops, 1, {}, std::move(host_clock)) {}

  void resume(ResumeKind kind = ResumeKind::Continue) { thread.plan({{1}, kind}); }
  void set_break(std::uint64_t address, std::shared_ptr<const HitAction> action = {}) {
    (void)guest.stops.insert(BreakpointKind::Software, {address}, std::move(action));
    guest.armed.arm(cpu());
  }
  template <class Reason>
  bool stopped_for() const {
    return stops_told.size() == 1 && std::holds_alternative<Reason>(stops_told[0].reason);
  }

  DebuggedGuest guest{machine, host,
                      [](const HitAction& action, Vcpu&) { return static_cast<const Answer&>(action).verdict(); }};
  VcpuThread thread{machine.vcpu({0}), guest, *this};
  bool resumed = true;
  std::vector<VcpuStop> stops_told;
  unsigned times_parked = 0, resets = 0;

 private:
  bool wait_until_resumed(VcpuIndex) override { return resumed; }
  void stops(VcpuIndex, VcpuStop stop) override { stops_told.push_back(std::move(stop)); }
  void parked(VcpuIndex) override { ++times_parked; }
  void reset_machine() override {
    ++resets;
    thread.machine_was_reset();
  }
};

TEST_F(VcpuStates, AResumedCpuEntersAndAnEndedThreadDoesNot) {
  EXPECT_EQ(thread.step(Parked), Entering);
  EXPECT_EQ(thread.step(Entering), InTurn);
  guest.gate.leave({0});
  resumed = false;
  EXPECT_EQ(thread.step(Parked), Ended);
  EXPECT_EQ(thread.step(Ended), Ended);
}

TEST_F(VcpuStates, ACpuThatIsAskedToParkSettlesAndParks) {
  guest.gate.ask_to_park({0});
  EXPECT_EQ(thread.step(Entering), Settling);
  EXPECT_EQ(thread.step(Settling), Parked);
  EXPECT_EQ(times_parked, 1u);
  EXPECT_TRUE(stops_told.empty());
}

TEST_F(VcpuStates, AnIntThatNeverEndsIsToldOf) {
  place(code, {0xcd, 0x80});
  resume();
  for (int kick = 0; kick < 2; ++kick) {
    cpu().then(exits::Interrupted{});
    EXPECT_EQ(thread.step(InTurn), Entering);
  }
  EXPECT_EQ(thread.step(InTurn), Alone);
  cpu().then(step_trap());  // and nothing has moved
  EXPECT_EQ(thread.step(Alone), Settling);
  ASSERT_TRUE(stopped_for<stop::Signalled>());
  EXPECT_NE(stops_told[0].message.find("never gets past it"), std::string::npos);
}
TEST_F(VcpuStates, AJumpToItselfRunsOn) {
  place(code, {0xeb, 0xfe});
  resume();
  for (int kick = 0; kick < 4; ++kick) {
    cpu().then(exits::Interrupted{});
    EXPECT_EQ(thread.step(InTurn), Entering);
  }
}

TEST_F(VcpuStates, AnExitForTheMachineAloneGoesBackToTheGate) {
  resume();
  cpu().then(exits::Interrupted{});
  EXPECT_EQ(thread.step(InTurn), Entering);
  EXPECT_TRUE(stops_told.empty());
}

TEST_F(VcpuStates, ABreakpointSettles) {
  set_break(code + 5);
  resume();
  cpu().then(code + 5, register_trap(0));
  EXPECT_EQ(thread.step(InTurn), Settling);
  EXPECT_TRUE(stopped_for<stop::SoftwareBreakpoint>());
}

TEST_F(VcpuStates, AFalseConditionIsSteppedOffAlone) {
  set_break(code + 5, std::make_shared<Answer>(Verdict::Resume));
  resume();
  cpu().then(code + 5, register_trap(0));
  EXPECT_EQ(thread.step(InTurn), Entering);
  EXPECT_EQ(thread.step(Entering), InTurn);
  EXPECT_EQ(thread.step(InTurn), Alone);
  cpu().then(code + 6, step_trap());
  EXPECT_EQ(thread.step(Alone), Entering);
  EXPECT_TRUE(stops_told.empty());
}

TEST_F(VcpuStates, AStepIsTakenAlone) {
  resume(ResumeKind::Step);
  EXPECT_EQ(thread.step(InTurn), Alone);
  cpu().then(code + 1, step_trap());
  EXPECT_EQ(thread.step(Alone), Settling);
  EXPECT_TRUE(stopped_for<stop::StepComplete>());
}

// Two instructions that go round, as in a loop that waits for an interrupt, under a range step.
class WaitingLoop : public VcpuStates {
 protected:
  WaitingLoop() {
    ThreadAction action{{1}, ResumeKind::StepRange};
    action.range_begin = {code};
    action.range_end = {code + 2};
    thread.plan(action);
  }
  // Steps until interrupts are let in; then the CPU runs freely up to its own pc, by `in_window`.
  void step_until_window(const FakeVcpu::Act& in_window) {
    for (unsigned i = 0; i < 2000 && windows == 0; ++i) {
      cpu().then([&](FakeVcpu& vcpu) -> Exit {
        if (!vcpu.debug.single_step) {
          ++windows;
          return in_window(vcpu);
        }
        EXPECT_TRUE(vcpu.debug.block_interrupts);
        vcpu.general_registers.rip = rip() == code ? code + 1 : code;
        return step_trap();
      });
      ASSERT_EQ(thread.step(Alone), Entering);
      if (!cpu().script_is_done()) last = thread.step(InTurn);
    }
    ASSERT_EQ(windows, 1u);
  }
  unsigned windows = 0;
  VcpuState last = Parked;
};

TEST_F(WaitingLoop, LetsInterruptsInAndStepsOn) {
  step_until_window([&](FakeVcpu& vcpu) {
    EXPECT_EQ(vcpu.debug.address[3], rip());
    EXPECT_FALSE(vcpu.debug.block_interrupts);
    return register_trap(3);
  });
  EXPECT_EQ(last, Entering);
  EXPECT_EQ(thread.step(InTurn), Alone);
  cpu().then(code + 2, step_trap());
  EXPECT_EQ(thread.step(Alone), Settling);
  EXPECT_TRUE(stopped_for<stop::StepComplete>());
}

TEST_F(WaitingLoop, LetsOtherCodePassWhereItWaits) {
  step_until_window([&](FakeVcpu& vcpu) {
    vcpu.general_registers.rsp -= 64;  // a handler that calls the same function
    return register_trap(3);
  });
  EXPECT_EQ(last, Entering);
  EXPECT_EQ(thread.step(InTurn), Alone);
  cpu().then(code + 0x20, step_trap());
  EXPECT_EQ(thread.step(Alone), Entering);
  EXPECT_TRUE(stops_told.empty());
  cpu().then([&](FakeVcpu& vcpu) -> Exit {
    EXPECT_FALSE(vcpu.debug.single_step);  // it still waits
    return exits::Interrupted{};
  });
  EXPECT_EQ(thread.step(InTurn), Entering);
}

TEST_F(WaitingLoop, StopsAtABreakpointInAHandler) {
  set_break(handlers + 1);
  step_until_window([&](FakeVcpu& vcpu) {
    vcpu.general_registers.rip = handlers + 1;
    vcpu.general_registers.rsp -= 64;
    return register_trap(0);
  });
  EXPECT_EQ(last, Settling);
  EXPECT_TRUE(stopped_for<stop::SoftwareBreakpoint>());
}

TEST_F(VcpuStates, AnEditedBreakpointIsArmedAlone) {
  resume();
  (void)guest.stops.insert(BreakpointKind::Software, {code + 5}, {});
  EXPECT_EQ(thread.step(InTurn), Alone);
  EXPECT_EQ(thread.step(Alone), Entering);
  EXPECT_FALSE(guest.armed.recheck(cpu()));
}

TEST_F(VcpuStates, OneThatIsAskedToParkDoesNotStep) {
  resume(ResumeKind::Step);
  guest.gate.ask_to_park({0});
  EXPECT_EQ(thread.step(Alone), Settling);
  EXPECT_TRUE(cpu().debug_at_run.empty());
}

TEST_F(VcpuStates, ACpuThatIsHaltedWaitsInATurnAndIsSteppedAlone) {
  cpu().general_registers.rflags |= x86::rflags::interrupt;
  machine.vcpu({0}).set_run_state(x86::RunState::Halted);
  interrupt(0x30);
  resume(ResumeKind::Step);
  EXPECT_EQ(thread.step(InTurn), Alone);
  EXPECT_TRUE(cpu().debug_at_run.empty());
  cpu().then(code + 1, step_trap());
  EXPECT_EQ(thread.step(Alone), Settling);
  EXPECT_TRUE(stopped_for<stop::StepComplete>());
}

class RunBySteps : public VcpuStates {
 protected:
  RunBySteps() : VcpuStates(kvm_amd(), [this] { return host_now; }) {
    set_break(code + 100);
    machine.clock().go();
  }
  void step_for_a_second() {
    cpu().then([&](FakeVcpu& cpu) {
      host_now += std::chrono::seconds(1);
      cpu.general_registers.rip++;
      return step_trap();
    });
    (void)thread.step(Alone);
  }
  Clock::HostTime host_now{};
};

// By slow steps it would have nothing but its timer's interrupts.
TEST_F(RunBySteps, AStepTakesTheGuestLittleTimeAndNoneIsBetweenTwo) {
  resume();
  step_for_a_second();
  host_now += std::chrono::seconds(1);
  step_for_a_second();
  EXPECT_EQ(machine.clock().now(), 2 * StepTime::per_step);
  cpu().general_registers.rflags |= x86::rflags::interrupt;
  machine.vcpu({0}).set_run_state(x86::RunState::Halted);
  interrupt(0x30);
  EXPECT_EQ(thread.step(InTurn), Alone);
  host_now += std::chrono::seconds(1);
  EXPECT_EQ(machine.clock().now(), 2 * StepTime::per_step + std::chrono::seconds(1)) << "while it waits";
}

TEST_F(RunBySteps, TheDebuggersStepTakesWhatItTakes) {
  resume(ResumeKind::Step);
  step_for_a_second();
  EXPECT_EQ(machine.clock().now(), std::chrono::seconds(1));
}

TEST_F(VcpuStates, APendingAccessIsCompletedBeforeItParks) {
  resume();
  std::uint8_t byte = 0x42;
  cpu().then(exits::Io{exits::Io::Direction::Out, 1, 0x80, 1, {&byte, 1}});
  EXPECT_EQ(thread.step(InTurn), Entering);
  EXPECT_EQ(thread.step(Settling), Parked);
  EXPECT_EQ(cpu().completions, 1u);
  EXPECT_EQ(thread.step(Settling), Parked);
  EXPECT_EQ(cpu().completions, 1u);
}

TEST_F(VcpuStates, AResetIsDoneAloneAndTheGuestRunsOn) {
  resume();
  std::uint8_t byte = 0;
  cpu().then([&](FakeVcpu&) -> Exit {
    machine.request_reset();
    return exits::Io{exits::Io::Direction::Out, 1, 0x80, 1, {&byte, 1}};
  });
  EXPECT_EQ(thread.step(InTurn), Resetting);
  EXPECT_EQ(thread.step(Resetting), Entering);
  EXPECT_EQ(resets, 1u);
}

TEST_F(VcpuStates, AFailureIsToldWithItsExit) {
  resume();
  cpu().then(exits::Shutdown{});
  EXPECT_EQ(thread.step(InTurn), Settling);
  ASSERT_TRUE(stopped_for<stop::Signalled>());
  ASSERT_TRUE(stops_told[0].failure);
  EXPECT_TRUE(std::holds_alternative<exits::Shutdown>(*stops_told[0].failure));
}

TEST_F(VcpuStates, SoIsTheFailureOfAStep) {
  resume(ResumeKind::Step);
  cpu().then(exits::Shutdown{});
  EXPECT_EQ(thread.step(InTurn), Alone);
  EXPECT_EQ(thread.step(Alone), Settling);
  ASSERT_TRUE(stopped_for<stop::Signalled>());
  ASSERT_TRUE(stops_told[0].failure);
  EXPECT_TRUE(std::holds_alternative<exits::Shutdown>(*stops_told[0].failure));
}

TEST_F(VcpuStates, WhatTheHostFailsAtIsAStop) {
  const auto fail = [](FakeVcpu&) -> Exit { throw std::runtime_error("no memory"); };
  resume();
  cpu().then(fail);
  EXPECT_EQ(thread.step(InTurn), Settling);
  resume(ResumeKind::Step);
  cpu().then(fail);
  EXPECT_EQ(thread.step(Alone), Settling);
  ASSERT_EQ(stops_told.size(), 2u);
  for (const VcpuStop& stop : stops_told) {
    EXPECT_EQ(stop.message, "CPU 0: the host failed: no memory");
    EXPECT_FALSE(stop.failure);
  }
}

// A device that has put off what a write asked it for.
class Behind final : public MemoryDevice {
 public:
  void read(std::uint64_t, std::span<std::uint8_t>) override {}
  void write(std::uint64_t, std::span<const std::uint8_t>) override {}
  void reset() override {}
  bool catch_up() override { return --turns_left <= 0; }
  int turns_left = 3;
};

TEST_F(VcpuStates, DoesNotRunBeforeDevicesHaveCaughtUp) {
  Behind device;
  machine.memory_bus().attach({0xd0000000}, 0x1000, device);
  resume();
  cpu().then(exits::Interrupted{});
  EXPECT_EQ(thread.step(InTurn), Entering);
  EXPECT_EQ(thread.step(Alone), Entering);
  EXPECT_FALSE(cpu().script_is_done());
  EXPECT_EQ(thread.step(InTurn), Entering);
  EXPECT_TRUE(cpu().script_is_done());
}

TEST_F(VcpuStates, ItStarvesWhileItIsKickedAtOnce) {
  for (unsigned i = 1; i <= 3; ++i) {
    resume();
    cpu().then(exits::Interrupted{});
    (void)thread.step(InTurn);
    EXPECT_EQ(thread.starved(), i);
  }
  cpu().then(code + 5, exits::Shutdown{});
  (void)thread.step(InTurn);
  EXPECT_EQ(thread.starved(), 0u);
}

}  // namespace
}  // namespace gdbvm
