// Run control over scripts that replay how the back-ends leave the guest.
#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;

TEST(RunControl, AnInt3StopsWhereverItIsReported) {
  const Vendor vendors[] = {{"intel", kvm_intel()}, {"pvm", kvm_pvm()}};
  for (const auto& [name, host] : vendors) {
    SCOPED_TRACE(name);
    ControlledRig s(host);
    s.use_up_registers();
    s.set_break(s.code + 5);
    const Exit exit = host.int3[HostStops::Long] == HostStops::Int3::Reported ? int3_reported() : emulation_failure();
    std::uint8_t planted = 0;
    s.cpu().then([&](FakeVcpu& cpu) {
      planted = *s.at(s.code + 5);
      cpu.general_registers.rip = s.code + 5;
      return exit;
    });
    s.resume();
    EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
    EXPECT_EQ(planted, 0xcc);
    EXPECT_EQ(s.rip(), s.code + 5);
    EXPECT_TRUE(s.cpu().injected.empty());
  }
}

TEST(RunControl, ADebugRegisterStops) {
  ControlledRig s(kvm_intel());
  s.set_break(s.code + 5, {}, BreakpointKind::Hardware);
  s.cpu().then(s.code + 5, register_trap(0));
  s.resume();
  EXPECT_TRUE(is<stop::HardwareBreakpoint>(s.next()));
  EXPECT_EQ(s.cpu().debug_at_run.back().address[0], s.code + 5);
}

TEST(RunControl, WhereNothingElseStopsEveryInstructionIsStepped) {
  ControlledRig s(kvm_amd());
  s.set_break(s.code + 3);
  for (std::uint64_t i = 1; i <= 3; ++i) s.cpu().then(s.code + i, step_trap());
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 3);
  EXPECT_EQ(*s.at(s.code + 3), 0x90);
  for (const GuestDebug& debug : s.cpu().debug_at_run) EXPECT_TRUE(debug.single_step);
}

// A guest that is continued by steps gets its interrupts; one that the debugger steps does not.
TEST(RunControl, OnlyTheDebuggersStepsHoldInterruptsOff) {
  ControlledRig s(kvm_amd());
  s.cpu().general_registers.rflags |= x86::rflags::interrupt;
  s.interrupt(0x1f);
  s.set_break(s.code + 9);
  s.cpu().then(s.code + 1, step_trap());
  s.resume(ResumeKind::Step);
  (void)s.next();
  EXPECT_TRUE(s.cpu().interrupts.empty());
  unsigned arrivals = 0;
  s.cpu().handler = [&](FakeVcpu& cpu) {
    ++arrivals;
    return s.to_handler(0x1f)(cpu);
  };
  s.cpu().then(s.code + 9, step_trap());
  s.resume();
  (void)s.next();
  EXPECT_EQ(arrivals, 1u);
}

TEST(RunControl, AFalseConditionStepsOffUnheard) {
  ControlledRig s(kvm_intel());
  s.use_up_registers();
  s.set_break(s.code + 5, std::make_shared<Answer>(Verdict::Resume));
  s.set_break(s.code + 9);
  std::uint8_t byte_during_step = 0;
  s.cpu().then(s.code + 5, int3_reported());
  s.cpu().then([&](FakeVcpu& cpu) {
    byte_during_step = *s.at(s.code + 5);
    EXPECT_TRUE(cpu.debug.single_step);
    cpu.general_registers.rip = s.code + 6;
    return step_trap();
  });
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_FALSE(cpu.debug.single_step);
    EXPECT_EQ(*s.at(s.code + 5), 0xcc);
    cpu.general_registers.rip = s.code + 9;
    return int3_reported();
  });
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 9);
  EXPECT_EQ(byte_during_step, 0x90);
  EXPECT_TRUE(s.events.empty());
}

// kvm_intel and kvm_amd: RIP at the `out`, then the step's trap. kvm_pvm: RIP after it, no trap.
TEST(RunControl, AStepOverAnOutEndsBehindIt) {
  for (const bool completes_late : {true, false}) {
    ControlledRig s(completes_late ? kvm_intel() : kvm_pvm());
    s.place(s.code, {0xee});
    std::uint8_t byte = 0x42;
    s.cpu().then(completes_late ? s.code : s.code + 1, exits::Io{exits::Io::Direction::Out, 1, 0x80, 1, {&byte, 1}});
    s.cpu().completion = [&](FakeVcpu& cpu) -> Exit {
      cpu.general_registers.rip = s.code + 1;
      if (completes_late) return step_trap();
      return exits::Interrupted{};
    };
    s.resume(ResumeKind::Step);
    EXPECT_TRUE(is<stop::StepComplete>(s.next()));
    EXPECT_EQ(s.rip(), s.code + 1);
    EXPECT_EQ(s.cpu().completions, 1u);
  }
}

// kvm_intel on an emulated VMX: KVM would deliver the trap to the guest if no debug registers were in use.
TEST(RunControl, ATrapThatAStepLeavesIsDropped) {
  HostStops host = kvm_intel();
  host.step_traps_once = false;
  ControlledRig s(host);
  s.cpu().debug_register_bank = {.db = {0x1234}, .dr7 = 0x401};
  s.cpu().then(s.code + 1, step_trap());
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_TRUE(cpu.debug.use_debug_registers);  // those of the guest
    EXPECT_EQ(cpu.debug.address[0], 0x1234u);
    EXPECT_EQ(cpu.debug.dr7, 0x401u);
    return step_trap();
  });
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_FALSE(cpu.debug.use_debug_registers);
    return exits::Shutdown{};
  });
  s.resume();
  EXPECT_TRUE(is<stop::Signalled>(s.next()));
  EXPECT_TRUE(s.cpu().injected.empty());
  EXPECT_EQ(s.rip(), s.code + 1);
}

// The trap of an earlier access comes first: then nothing has been executed.
TEST(RunControl, AStepThatALeftoverTrapAnswersIsRepeated) {
  HostStops host = kvm_intel();
  host.step_traps_once = false;
  ControlledRig s(host);
  s.cpu().then(s.code, step_trap());
  s.cpu().then(s.code, step_trap());
  s.cpu().then(s.code + 1, step_trap());
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 1);
}

TEST(RunControl, AStopAfterAnOutShowsTheStateBehindIt) {
  ControlledRig s(kvm_intel());
  std::uint8_t byte = 0x42;
  s.cpu().then([&](FakeVcpu&) -> Exit {
    s.control.interrupt();
    return exits::Io{exits::Io::Direction::Out, 1, 0x80, 1, {&byte, 1}};
  });
  s.cpu().completion = [&](FakeVcpu& cpu) -> Exit {
    cpu.general_registers.rip = s.code + 1;
    return exits::Interrupted{};
  };
  s.resume();
  EXPECT_TRUE(is<stop::Signalled>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 1);
}

TEST(RunControl, TheGuestsOwnInt3IsInjected) {
  for (const bool reported : {true, false}) {
    ControlledRig s(reported ? kvm_intel() : kvm_pvm());
    s.set_break(s.code + 9);
    s.place(s.code + 5, {0xcc});
    s.cpu().then(s.code + 5, reported ? int3_reported() : emulation_failure());
    s.cpu().then(s.code + 9, register_trap(0));
    s.resume();
    EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
    ASSERT_EQ(s.cpu().injected.size(), 1u);
    EXPECT_EQ(s.cpu().injected[0].vector, 3);
  }
}

// KVM knows the int3's length if it intercepted it; if its emulation failed, the pc has to be moved.
TEST(RunControl, AFailedInt3IsLeftBehind) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0xcc});
  std::uint64_t rip_at_delivery = 0;
  s.cpu().then(s.code, emulation_failure());
  s.cpu().then(Exit{exits::Interrupted{}});  // a kick must not lose the exception
  s.cpu().then([&](FakeVcpu& cpu) {
    rip_at_delivery = cpu.general_registers.rip;
    return s.to_handler(3)(cpu);
  });
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_EQ(rip_at_delivery, s.code + 1);
  EXPECT_EQ(s.rip(), s.handlers + 16 * 3);
  EXPECT_EQ(s.cpu().injected.size(), 1u);
}

// An invalid gate: the int3 becomes #GP, as on a CPU, and the step ends at its handler.
TEST(RunControl, AnInt3ThroughABrokenGateEndsAtTheHandlerOfWhatItBecomes) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0xcc});
  s.cpu().then(s.code, emulation_failure());
  s.cpu().then(s.to_handler(13));
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_EQ(s.rip(), s.handlers + 16 * 13);
}

// However the exception was lost, an interrupt ends the wait for it.
TEST(RunControl, AnInt3ThatArrivesUnseenCanBeInterrupted) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0xcc});
  s.cpu().then(s.code, emulation_failure());
  s.cpu().then([&](FakeVcpu& cpu) -> Exit {
    cpu.general_registers.rip = s.handlers + 16 * 12 + 4;
    s.control.interrupt();
    return exits::Interrupted{};
  });
  s.resume(ResumeKind::Step);
  (void)s.next();
  EXPECT_EQ(s.rip(), s.handlers + 16 * 12 + 4);
}

// A breakpoint on one of the guest's own int3s: reported once, then the guest gets its #BP.
TEST(RunControl, AStepFromABreakpointOnTheGuestsOwnInt3EntersTheHandler) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0xcc});
  s.set_break(s.code);
  s.cpu().then(s.code, emulation_failure());
  s.cpu().then(s.to_handler(3));
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_EQ(s.rip(), s.handlers + 16 * 3);
}

TEST(RunControl, AStepOverIretWatchesWhereItLeads) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0x48, 0xcf});
  s.put(s.stack, s.code + 0x80);
  s.put(s.stack + 8, x86::layout::code_selector);
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_EQ(cpu.debug.address[3], s.code + 0x80);
    EXPECT_TRUE(cpu.debug.dr7 & 0x80);
    cpu.general_registers.rip = s.code + 0x80;
    return register_trap(3);
  });
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
}

// Every back-end steps over hlt differently, so none does it: the CPU is halted, and the interrupt's return ends the
// step.
TEST(RunControl, AStepOverHltWaitsForTheInterruptsReturn) {
  ControlledRig s(kvm_pvm());
  s.place(s.code, {0xf4});
  s.cpu().event_bank.interrupt.shadow = 1;  // after a sti
  s.cpu().general_registers.rflags |= x86::rflags::interrupt;
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_EQ(cpu.interrupts, std::vector<std::uint8_t>{0x30});
    EXPECT_EQ(cpu.event_bank.interrupt.shadow, 0);
    EXPECT_EQ(cpu.general_registers.rip, s.code + 1);
    EXPECT_EQ(cpu.debug.address[3], s.code + 1);
    EXPECT_FALSE(cpu.debug.single_step);
    return register_trap(3);
  });
  s.resume(ResumeKind::Step);
  s.cpu().wait_until_it_waits();
  s.interrupt(0x30);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
}

// Without a debug register that stops there, the interrupt wakes the CPU, and the next instruction belongs to the step.
TEST(RunControl, AStepOverHltEndsOneInstructionLateWhereNothingStopsBehindIt) {
  HostStops host = kvm_pvm();
  host.execute_register.fill(false);
  ControlledRig s(host);
  s.place(s.code, {0xf4});
  s.cpu().general_registers.rflags |= x86::rflags::interrupt;
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_TRUE(cpu.interrupts.empty());
    EXPECT_TRUE(cpu.debug.single_step);
    cpu.general_registers.rip = s.code + 2;
    return step_trap();
  });
  s.resume(ResumeKind::Step);
  s.cpu().wait_until_it_waits();
  s.interrupt(0x30);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 2);
}

// kvm_pvm delivers an int3 at CPL 3 to the guest; without a handler that is a triple fault, which is undone.
TEST(RunControl, ATripleFaultBehindOurInt3AtCpl3IsABreakpoint) {
  ControlledRig s(kvm_pvm());
  for (unsigned vector = 0; vector < 32; ++vector) s.set_gate(vector, 0, 0, false);
  s.enter_user_mode();
  s.set_break(s.code + 5);
  s.cpu().then([&](FakeVcpu& cpu) -> Exit {
    EXPECT_EQ(*s.at(s.code + 5), 0xcc);
    cpu.general_registers.rip = s.code + 6;
    return exits::Shutdown{};
  });
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 5);
}

// A fault of the instruction after it: the CPU stands where the int3 would have left it, but has not moved.
TEST(RunControl, ATripleFaultAfterAStepOverABreakpointAtCpl3IsTheGuestsOwn) {
  ControlledRig s(kvm_pvm());
  for (unsigned vector = 0; vector < 32; ++vector) s.set_gate(vector, 0, 0, false);
  s.enter_user_mode();
  s.set_break(s.code + 5, std::make_shared<Answer>(Verdict::Resume));
  s.cpu().then(s.code + 6, exits::Shutdown{});  // the int3, without a handler
  s.cpu().then(s.code + 6, exits::Shutdown{});  // the step over it, without a handler for its trap
  // The fault; in a step; and in one with the guarded page open, where the int3 stands.
  for (int i = 0; i < 3; ++i) s.cpu().then(s.code + 6, exits::Shutdown{});
  s.resume();
  EXPECT_NE(s.next().message.find("triple fault"), std::string::npos);
}

// The exception for which the guest's handler is watched has not come: none of gdbvm's traps may reach the guest.
TEST(RunControl, AnExceptionOfTheGuestsOwnPassesTheWatchedHandler) {
  ControlledRig s(kvm_pvm());
  s.set_break(s.code + 5);
  s.put(s.stack - 40, s.code + 0x30);  // the frame of an int3 at CPL 0
  s.put(s.stack - 32, x86::layout::code_selector);
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_EQ(cpu.debug.address[0], s.handlers + 16 * 3);
    cpu.general_registers.rip = s.handlers + 16 * 3;
    cpu.general_registers.rsp = s.stack - 40;
    return register_trap(0);
  });
  s.cpu().then(s.handlers + 16 * 3 + 1, step_trap());
  s.cpu().then(s.code + 5, register_trap(1));
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
  EXPECT_TRUE(s.cpu().injected.empty());
}

// A guest that loads its IDT and enters CPL 3 without an exit in between would get gdbvm's int3.
TEST(RunControl, AGuestWithoutAHandlerIsSteppedUntilItHasOne) {
  ControlledRig s(kvm_pvm());
  s.cpu().system_registers.idt = {};
  s.set_break(s.code + 0x40);
  s.cpu().then(s.code + 1, step_trap());
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_TRUE(cpu.debug.single_step);
    cpu.system_registers.idt = {s.idt, 32 * 16 - 1};
    cpu.general_registers.rip = s.code + 2;
    return step_trap();
  });
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_FALSE(cpu.debug.single_step);
    EXPECT_EQ(cpu.debug.address[0], s.handlers + 16 * 3);
    cpu.general_registers.rip = s.code + 0x40;
    return register_trap(1);
  });
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
}

TEST(RunControl, ATripleFaultElsewhereIsToldInWords) {
  ControlledRig s(kvm_intel());
  s.cpu().then(s.code + 5, exits::Shutdown{});
  s.resume();
  const StopEvent event = s.next();
  ASSERT_TRUE(is<stop::Signalled>(event));
  EXPECT_EQ(std::get<stop::Signalled>(event.reason).signal, Signal::Segv);
  EXPECT_NE(event.message.find("triple fault"), std::string::npos);
}

// kvm_amd resets a CPU that has shut down: nothing can be retried.
TEST(RunControl, ATripleFaultThatLostItsCpuIsNotTriedAgain) {
  ControlledRig s(kvm_amd());
  s.set_watch(WatchKind::Write, s.data, 8);
  s.cpu().then(0xfff0, exits::Shutdown{});
  s.resume();
  EXPECT_NE(s.next().message.find("triple fault"), std::string::npos);
  EXPECT_EQ(s.cpu().debug_at_run.size(), 1u);
}

// ---- watchpoints

TEST(RunControl, AGuardedPageReportsItsWatchpointAndServesItsNeighbours) {
  ControlledRig s(kvm_pvm());
  s.set_watch(WatchKind::Write, s.data + 8, 8);
  std::uint64_t neighbour = 0x11, watched = 0x22;
  const auto write = [&](std::uint64_t at, std::uint64_t& value) {
    s.cpu().then(exits::Mmio{{at}, exits::Mmio::Direction::Write, {reinterpret_cast<std::uint8_t*>(&value), 8}});
  };
  write(s.data, neighbour);
  write(s.data + 8, watched);
  s.resume();
  const StopEvent event = s.next();
  ASSERT_TRUE(is<stop::Watchpoint>(event));
  EXPECT_EQ(std::get<stop::Watchpoint>(event.reason).address.value, s.data + 8);
  EXPECT_EQ(s.vm.access({s.data}), 1);
  EXPECT_EQ(s.get(s.data), 0x11u);
  EXPECT_EQ(s.get(s.data + 8), 0x22u);
  EXPECT_TRUE(s.events.empty());
}

// During a step gdbvm does not own the debug registers, so writes are found by comparing memory.
TEST(RunControl, AStepHitsAWatchpointThatARegisterWatches) {
  ControlledRig s(kvm_intel());
  s.set_watch(WatchKind::Write, s.data, 8);
  s.place(s.code, {0x48, 0x89, 0x03});  // mov [rbx], rax
  s.cpu().general_registers.rbx = s.data;
  s.cpu().then(s.code + 3, step_trap());
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::Watchpoint>(s.next()));
}

// lidt on an absent page: KVM's emulator requests the same bytes forever, so the page is opened for a native step.
TEST(RunControl, AnInstructionThatRepeatsItsReadIsSteppedWithThePageOpen) {
  ControlledRig s(kvm_pvm());
  s.set_watch(WatchKind::Read, s.data + 0x100, 1);
  std::uint64_t bytes = 0;
  const exits::Mmio read{{s.data}, exits::Mmio::Direction::Read, {reinterpret_cast<std::uint8_t*>(&bytes), 8}};
  for (int i = 0; i < 4; ++i) s.cpu().then(read);  // three freely, one in the step
  s.cpu().completion = [&](FakeVcpu&) -> Exit { return read; };
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_EQ(s.vm.access({s.data}), 2);
    cpu.general_registers.rip = s.code + 8;
    cpu.completion = {};
    return step_trap();
  });
  s.cpu().then([&](FakeVcpu&) -> Exit {
    EXPECT_EQ(s.vm.access({s.data}), 0);
    s.control.interrupt();
    return exits::Interrupted{};
  });
  s.resume();
  EXPECT_TRUE(is<stop::Signalled>(s.next()));
  EXPECT_EQ(s.rip(), s.code + 8);
}

// kvm_pvm cannot push an exception's frame onto a guarded page: a triple fault that an open page avoids.
TEST(RunControl, AFrameOnAGuardedPageIsPushedWithThePageOpen) {
  ControlledRig s(kvm_pvm());
  s.set_watch(WatchKind::Write, s.stack - 0x800, 4);
  s.place(s.code, {0x0f, 0x0b});
  s.cpu().then(Exit{exits::Shutdown{}});
  s.cpu().then(Exit{exits::Shutdown{}});
  s.cpu().then([&](FakeVcpu& cpu) {
    EXPECT_EQ(s.vm.access({s.stack - 0x800}), 2);
    cpu.general_registers.rip = s.handlers + 16 * 6;
    return register_trap(2);
  });
  s.cpu().then([&](FakeVcpu&) -> Exit {
    s.control.interrupt();
    return exits::Interrupted{};
  });
  s.resume();
  const StopEvent event = s.next();
  ASSERT_TRUE(is<stop::Signalled>(event));
  EXPECT_EQ(std::get<stop::Signalled>(event.reason).signal, Signal::Int);
  EXPECT_EQ(s.rip(), s.handlers + 16 * 6);
}

TEST(RunControl, AQuietErrandIsToldToNobodyButWhoeverAsks) {
  ControlledRig s(kvm_intel());
  std::atomic<bool> goes_on = false;
  s.control.send_quietly([&]() -> StopOrGo {
    goes_on.wait(false);
    return std::nullopt;
  });
  EXPECT_FALSE(s.control.await_quiet_end(std::chrono::milliseconds(1)));
  EXPECT_TRUE(s.control.any_running());
  goes_on = true;
  goes_on.notify_all();
  while (!s.control.await_quiet_end(std::chrono::milliseconds(1000))) {
  }
  EXPECT_FALSE(s.control.any_running());
  s.cpu().then(s.code + 1, step_trap());
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next())) << "the first event of all is the step's";
}

TEST(RunControl, AQuietErrandIsBrokenOff) {
  ControlledRig s(kvm_intel());
  bool broken_off = false;
  s.control.send_quietly([&]() -> StopOrGo {
    while (s.control.thread_of({0}).lets_others_in()) {
    }
    broken_off = true;
    return std::nullopt;
  });
  EXPECT_FALSE(s.control.await_quiet_end(std::chrono::milliseconds(1)));
  s.control.break_off_quietly();
  s.control.break_off_quietly();
  EXPECT_FALSE(s.control.any_running());
  if (!broken_off) return;  // it was asked to park before it began
  EXPECT_TRUE(s.control.await_quiet_end(std::chrono::milliseconds(0)));
}

TEST(RunControl, AnErrandThatHasNotBegunIsForgotten) {
  ControlledRig s(kvm_intel());
  bool begun = false;
  {
    const GuestHold hold = s.control.hold();  // no turn begins
    s.control.send([&]() -> StopOrGo {
      begun = true;
      return std::nullopt;
    });
    s.control.interrupt();
    EXPECT_TRUE(is<stop::Signalled>(s.next()));
  }
  s.cpu().then(s.code + 1, step_trap());
  s.resume(ResumeKind::Step);
  EXPECT_TRUE(is<stop::StepComplete>(s.next()));
  EXPECT_FALSE(begun);
}

}  // namespace
}  // namespace gdbvm
