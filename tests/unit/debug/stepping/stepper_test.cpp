// What is requested of each kind of host to execute one instruction.
#include "vmm/debug/stepping/stepper.h"

#include <stdexcept>

#include "tests/unit/debug/rig.h"

namespace gdbvm {
namespace {

struct StepperRig : Rig {
  explicit StepperRig(HostStops stops) : Rig(stops) {}
  GuestDebug requested_for_step() {
    cpu().then(code + 1, step_trap());
    EXPECT_TRUE(std::holds_alternative<step::Done>(stepper.step(cpu())));
    return cpu().debug_at_run.at(0);
  }
  static bool stops_at(const GuestDebug& request, std::uint64_t address) {
    for (unsigned n = 0; n < 4; ++n) {
      if ((request.dr7 >> (2 * n) & 3) && request.address[n] == address) return true;
    }
    return false;
  }

  SoftwareBreakpoints planted{machine.memory()};
  GuestView view{machine.memory(), planted};
  StopTable table;
  ArmedStops armed{machine, view, planted, host, table};
  ExitCounts exits;
  Stepper stepper{{machine, armed, view, planted, exits}, host};
};

TEST(Stepper, AHostThatStepsIntoHandlersNeedsNoDebugRegister) {
  StepperRig s(kvm_intel());
  const GuestDebug request = s.requested_for_step();
  EXPECT_TRUE(request.single_step);
  EXPECT_FALSE(request.use_debug_registers);
}

TEST(Stepper, AHostThatLosesAStepInAHandlerHasTheHandlersWatched) {
  for (const HostStops& host : {kvm_amd(), kvm_pvm()}) {
    StepperRig s(host);
    const GuestDebug request = s.requested_for_step();
    EXPECT_TRUE(request.single_step);
    for (const unsigned vector : {14u, 13u, 6u, 0u}) {
      EXPECT_TRUE(StepperRig::stops_at(request, s.handlers + 16 * vector)) << vector;
    }
  }
}

TEST(Stepper, ASoftwareInterruptsOwnHandlerIsWatched) {
  StepperRig s(kvm_pvm());
  s.place(s.code, {0xcd, 20});
  s.cpu().then(s.handlers + 16 * 20, register_trap(3));
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  EXPECT_TRUE(StepperRig::stops_at(s.cpu().debug_at_run.at(0), s.handlers + 16 * 20));
}

TEST(Stepper, WhereKvmDoesNotStepCpl3TheGuestsTrapFlagDoes) {
  StepperRig s(kvm_pvm());
  s.enter_user_mode();
  s.cpu().then([&](FakeVcpu& cpu) -> Exit {
    EXPECT_TRUE(cpu.general_registers.rflags & x86::rflags::tf);
    EXPECT_FALSE(cpu.debug.single_step);
    EXPECT_TRUE(StepperRig::stops_at(cpu.debug, s.handlers + 16));
    cpu.general_registers.rip = s.code + 1;
    return exits::Shutdown{};  // no handler for it
  });
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  EXPECT_FALSE(s.cpu().general_registers.rflags & x86::rflags::tf);
  EXPECT_EQ(s.rip(), s.code + 1);
}

TEST(Stepper, WhatTheProbeFindsLaterChangesTheMethod) {
  StepperRig s(kvm_intel());
  s.stepper.use(kvm_amd());
  EXPECT_TRUE(s.requested_for_step().use_debug_registers);
}

TEST(Stepper, OnlyAHostThatLeavesTrapsRepeatsAStepThatDidNothing) {
  for (const bool leaves : {true, false}) {
    HostStops host = kvm_intel();
    host.step_traps_once = !leaves;
    StepperRig s(host);
    s.cpu().then(s.code, step_trap());
    if (leaves) s.cpu().then(s.code + 1, step_trap());
    EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
    EXPECT_EQ(s.cpu().debug_at_run.size(), leaves ? 2u : 1u);
    EXPECT_EQ(s.stepper.host().leaves_trap(), leaves);
  }
}

TEST(Stepper, GuardedPagesAreClosedAgainThoughTheHostFails) {
  StepperRig s(kvm_pvm());
  (void)s.table.insert(gdbstub::WatchKind::Write, {s.data}, 8, {});
  s.armed.arm(s.cpu());
  s.cpu().then([&](FakeVcpu&) -> Exit {
    EXPECT_EQ(s.vm.access({s.data}), 2);
    throw std::runtime_error("no memory");
  });
  EXPECT_THROW((void)s.stepper.step(s.cpu(), Stepper::Interrupts::AsAllowed, Stepper::Pages::Open), std::runtime_error);
  EXPECT_EQ(s.vm.access({s.data}), 1);
}

// On any host, and without the trap flag of a step in the frame.
TEST(Stepper, AnInterruptIsAStepToItsHandler) {
  for (const HostStops& host : {kvm_intel(), kvm_amd(), kvm_pvm()}) {
    StepperRig s(host);
    s.cpu().general_registers.rflags |= x86::rflags::interrupt;
    s.interrupt(0x1f);
    s.place(s.handlers + 16 * 0x1f, {0xcf});
    s.cpu().handler = s.to_handler(0x1f);
    EXPECT_TRUE(
        std::holds_alternative<step::Done>(s.stepper.step(s.machine.vcpu({0}), Stepper::Interrupts::Delivered)));
    EXPECT_EQ(s.rip(), s.handlers + 16 * 0x1f);
    EXPECT_EQ(*s.at(s.handlers + 16 * 0x1f), 0xcf);
    EXPECT_EQ(s.machine.vcpu({0}).run_state(), x86::RunState::Runnable);
  }
}

TEST(Stepper, WhatTheCpuWritesOverAHandlerMeanwhileStays) {
  StepperRig s(kvm_intel());
  s.cpu().general_registers.rflags |= x86::rflags::interrupt;
  s.interrupt(0x1f);
  const std::uint64_t other = s.handlers + 16 * 13;
  s.cpu().handler = [&](FakeVcpu& cpu) {
    EXPECT_EQ(*s.at(other), 0xf4);
    s.place(other, {0x42});
    return s.to_handler(0x1f)(cpu);
  };
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.machine.vcpu({0}), Stepper::Interrupts::Delivered)));
  EXPECT_EQ(*s.at(other), 0x42);
}

TEST(Stepper, AnInterruptThatAKickKeepsOffWaits) {
  StepperRig s(kvm_intel());
  s.cpu().general_registers.rflags |= x86::rflags::interrupt;
  s.interrupt(0x1f);
  s.cpu().kick();
  EXPECT_TRUE(
      std::holds_alternative<step::Interrupted>(s.stepper.step(s.machine.vcpu({0}), Stepper::Interrupts::Delivered)));
  EXPECT_FALSE(s.cpu().event_bank.interrupt.injected);
  s.cpu().then(s.code + 1, step_trap());
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.machine.vcpu({0}))));
  EXPECT_EQ(s.rip(), s.code + 1) << "a step that lets none in";
  s.cpu().handler = s.to_handler(0x1f);
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.machine.vcpu({0}), Stepper::Interrupts::Delivered)));
  EXPECT_EQ(s.rip(), s.handlers + 16 * 0x1f);
}

// kvm_pvm in real mode, for int 0x80 and above.
TEST(Stepper, AnInterruptThatKvmDoesNotCarryOutIsToldInWords) {
  StepperRig s(kvm_pvm());
  s.place(s.code, {0xcd, 0x80});
  s.cpu().then(s.code, step_trap());
  const StepResult result = s.stepper.step(s.cpu());
  const auto* failed = std::get_if<step::Failed>(&result);
  ASSERT_TRUE(failed);
  EXPECT_NE(failed->failure.sentence.find("cd 80"), std::string::npos);
}

// A guest that steps itself gets its #DB after every instruction, even if gdbvm stepped in between.
TEST(Stepper, TheGuestsOwnTrapFollowsAStep) {
  StepperRig s(kvm_intel());
  s.cpu().general_registers.rflags |= x86::rflags::tf;
  s.cpu().then(s.code + 1, step_trap());
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_FALSE(cpu.debug.single_step);
    EXPECT_EQ(cpu.injected.size(), 1u);
    EXPECT_TRUE(cpu.debug_register_bank.dr6 & x86::dr6::single_step);
    return s.to_handler(1)(cpu);
  });
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  EXPECT_EQ(s.cpu().injected.at(0).vector, 1);
  EXPECT_EQ(s.rip(), s.handlers + 16);
}

// KVM's step covers up the TF that a popf loads: it is there after the step all the same, and the next one owes a trap.
TEST(Stepper, ATrapFlagThatAnInstructionLoadsIsNotLost) {
  StepperRig s(kvm_intel());
  s.place(s.code, {0x9d, 0x90});  // popf; nop
  s.put(s.stack, x86::rflags::fixed | x86::rflags::tf);
  s.cpu().then(s.code + 1, step_trap());
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  EXPECT_TRUE(s.cpu().general_registers.rflags & x86::rflags::tf);
  EXPECT_TRUE(s.cpu().injected.empty());
  s.cpu().then([&](FakeVcpu& cpu) {
    cpu.general_registers.rip = s.code + 2;
    cpu.general_registers.rflags &= ~x86::rflags::tf;
    return step_trap();
  });
  s.cpu().then(s.to_handler(1));
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  ASSERT_EQ(s.cpu().injected.size(), 1u);
  EXPECT_EQ(s.cpu().injected[0].vector, 1);
  EXPECT_EQ(s.rip(), s.handlers + 16);
}

TEST(Stepper, AKickLosesNoTrapFlag) {
  StepperRig s(kvm_intel());
  s.cpu().general_registers.rflags |= x86::rflags::tf;
  s.cpu().then([](FakeVcpu& cpu) -> Exit {
    cpu.general_registers.rflags &= ~x86::rflags::tf;
    return exits::Interrupted{};
  });
  EXPECT_TRUE(std::holds_alternative<step::Interrupted>(s.stepper.step(s.cpu())));
  EXPECT_TRUE(s.cpu().general_registers.rflags & x86::rflags::tf);
}

TEST(Stepper, AFaultOfAGuestThatStepsItselfOwesNoTrap) {
  StepperRig s(kvm_intel());
  s.cpu().general_registers.rflags |= x86::rflags::tf;
  s.put(s.stack - 40, s.code);
  s.put(s.stack - 32, x86::layout::code_selector);
  s.cpu().then([&](FakeVcpu& cpu) {
    cpu.general_registers.rip = s.handlers + 16 * 6;
    cpu.general_registers.rsp = s.stack - 40;
    cpu.general_registers.rflags &= ~x86::rflags::tf;
    return step_trap();
  });
  EXPECT_TRUE(std::holds_alternative<step::Done>(s.stepper.step(s.cpu())));
  EXPECT_TRUE(s.cpu().injected.empty());
}

}  // namespace
}  // namespace gdbvm
