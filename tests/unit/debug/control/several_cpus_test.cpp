// Run control over several vCPUs: which stop, which are reported, and which run on.
#include <array>
#include <latch>
#include <memory>
#include <set>

#include <sched.h>

#include "tests/unit/debug/control/controlled_rig.h"

namespace gdbvm {
namespace {

using namespace gdbstub;

// Each act waits for the other: both have left the guest before either stop is known.
void stop_together(ControlledRig& s, std::latch& both, Exit first, Exit second) {
  s.cpu(0).then([&both, first](FakeVcpu&) {
    both.arrive_and_wait();
    return first;
  });
  s.cpu(1).then([&both, second](FakeVcpu&) {
    both.arrive_and_wait();
    return second;
  });
}

// Both of two CPUs, resumed, hit a watchpoint at once.
void hit_watchpoint_together(ControlledRig& s) {
  s.set_watch(WatchKind::Write, s.data, 8);
  auto both = std::make_shared<std::latch>(2);
  const auto hit = [both](FakeVcpu&) {
    both->arrive_and_wait();
    return register_trap(0);
  };
  s.cpu(0).then(hit);
  s.cpu(1).then(hit);
  s.resume();
}

TEST(SeveralCpus, OneStopParksAllBeforeItsEvent) {
  ControlledRig s(kvm_intel(), 3);
  s.set_break(s.code + 5);
  s.cpu(1).then(s.code + 5, register_trap(0));
  s.resume();
  EXPECT_EQ(s.next().thread.value, 2u);
  EXPECT_FALSE(s.control.any_running());
  EXPECT_TRUE(s.events.empty());
}

// A debugger that evaluates a condition itself resumes after every hit. Three CPUs on one processor, each at the
// breakpoint the moment it runs: none may keep the others from running.
TEST(SeveralCpus, OnOneProcessorEachGetsItsTurn) {
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);  // the vCPUs' threads inherit it
  ControlledRig s(kvm_intel(), 3);
  s.set_break(s.code + 5);
  std::set<std::uint64_t> stopped;
  for (int i = 0; i < 30; ++i) {
    for (unsigned cpu = 0; cpu < 3; ++cpu) s.cpu(cpu).then(s.code + 5, register_trap(0));
    s.resume();
    stopped.insert(s.next().thread.value);
  }
  EXPECT_EQ(stopped.size(), 3u);
  ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
}

TEST(SeveralCpus, OfTwoBreakpointHitsTheLoserHitsAgain) {
  ControlledRig s(kvm_intel(), 2);
  s.set_break(s.code);
  std::latch both(2);
  stop_together(s, both, register_trap(0), register_trap(0));
  s.resume();
  const std::uint64_t winner = s.next().thread.value;
  EXPECT_TRUE(s.events.empty());
  EXPECT_FALSE(s.control.any_running());
  const unsigned loser = winner == 1 ? 1 : 0;
  s.cpu(loser).then(register_trap(0));  // not executed yet
  s.resume();
  EXPECT_EQ(s.next().thread.value, loser + 1);
}

TEST(SeveralCpus, OfTwoWatchpointHitsTheSecondIsKept) {
  ControlledRig s(kvm_intel(), 2);
  hit_watchpoint_together(s);
  const std::uint64_t first = s.next().thread.value;
  EXPECT_TRUE(s.events.empty());
  const auto runs = s.cpu(0).debug_at_run.size() + s.cpu(1).debug_at_run.size();
  s.resume();
  const StopEvent second = s.next();
  EXPECT_TRUE(is<stop::Watchpoint>(second));
  EXPECT_NE(second.thread.value, first);
  EXPECT_EQ(s.cpu(0).debug_at_run.size() + s.cpu(1).debug_at_run.size(), runs);  // no CPU ran for it
}

// The second CPU waits to be started, which only the first one can do.
TEST(SeveralCpus, ACpuThatWaitsIsNotSteppedAlone) {
  ControlledRig s(kvm_amd(), 2);
  s.machine.vcpu({1}).set_run_state(x86::RunState::WaitsForStart);
  s.set_break(s.code + 3);
  for (std::uint64_t i = 1; i <= 3; ++i) s.cpu(0).then(s.code + i, step_trap());
  s.resume();
  EXPECT_TRUE(is<stop::SoftwareBreakpoint>(s.next()));
}

TEST(SeveralCpus, AFinishedStepGoesBeforeABreakpoint) {
  ControlledRig s(kvm_intel(), 2);
  s.place(s.code, {0xf4});  // cpu 0 waits after it for the step's end
  s.cpu(0).general_registers.rflags |= x86::rflags::interrupt;
  s.set_break(s.code + 0x40);
  s.cpu(1).general_registers.rip = s.code + 0x40;
  std::latch hit(1);
  s.cpu(0).then([&](FakeVcpu&) {  // after the hlt, so both CPUs are in the guest
    s.cpu(1).then([&](FakeVcpu&) {
      hit.count_down();
      return register_trap(0);
    });
    hit.wait();
    return register_trap(3);
  });
  s.resume(ResumeKind::Step);
  s.cpu(0).wait_until_it_waits();
  s.interrupt(0x30);
  const StopEvent event = s.next();
  EXPECT_TRUE(is<stop::StepComplete>(event));
  EXPECT_EQ(event.thread.value, 1u);
}

TEST(SeveralCpus, InterruptStopsABusyGuest) {
  ControlledRig s(kvm_intel(), 2);
  s.resume();
  EXPECT_TRUE(s.control.any_running());
  s.control.interrupt();
  const StopEvent event = s.next();
  ASSERT_TRUE(is<stop::Signalled>(event));
  EXPECT_EQ(std::get<stop::Signalled>(event.reason).signal, Signal::Int);
  EXPECT_FALSE(s.control.any_running());
  s.control.interrupt();  // nothing runs: no event
  EXPECT_TRUE(s.events.empty());
}

TEST(SeveralCpus, NonStopStopsOneAndLetsTheOthersRun) {
  ControlledRig s(kvm_intel(), 2);
  s.control.set_mode(RunControl::Mode::NonStop);
  s.resume();
  s.control.stop({1});
  const StopEvent event = s.next();
  EXPECT_EQ(event.thread.value, 2u);
  EXPECT_EQ(std::get<stop::Signalled>(event.reason).signal, Signal::None);
  EXPECT_TRUE(s.control.running({0}));
  EXPECT_FALSE(s.control.running({1}));
}

TEST(SeveralCpus, AnInterruptIsToldOfACpuThatRan) {
  ControlledRig s(kvm_intel(), 3);
  s.control.resume(std::array{ThreadAction{{3}, ResumeKind::Continue}});
  s.control.interrupt();
  EXPECT_EQ(s.next().thread.value, 3u);
}

// The stop that was not reported waits for its own vCPU.
TEST(SeveralCpus, AKeptStopIsNotToldWhileItsCpuStandsStill) {
  ControlledRig s(kvm_intel(), 2);
  hit_watchpoint_together(s);
  const std::uint32_t first = s.next().thread.value, second = 3 - first;
  s.control.resume(std::array{ThreadAction{{first}, ResumeKind::Continue}});
  s.control.interrupt();
  const StopEvent interrupted = s.next();
  EXPECT_EQ(interrupted.thread.value, first);
  EXPECT_TRUE(is<stop::Signalled>(interrupted));
  s.resume();
  const StopEvent kept = s.next();
  EXPECT_EQ(kept.thread.value, second);
  EXPECT_TRUE(is<stop::Watchpoint>(kept));
}

TEST(SeveralCpus, AbandonedStopsAreToldToNobody) {
  ControlledRig s(kvm_intel(), 2);
  hit_watchpoint_together(s);
  s.next();  // one is reported, one kept
  EXPECT_FALSE(s.control.abandon_stops());
  s.resume();
  EXPECT_TRUE(s.control.any_running());
  EXPECT_FALSE(s.control.abandon_stops());
  EXPECT_FALSE(s.control.any_running());
  EXPECT_TRUE(s.events.empty());
}

// Four CPUs run into one breakpoint forever: whatever is reported has happened, and is reported once.
TEST(SeveralCpus, EveryHitOfAStormIsToldOnce) {
  constexpr unsigned cpus = 4, rounds = 300;
  ControlledRig s(kvm_intel(), cpus);
  s.set_break(s.code);
  std::array<std::atomic<unsigned>, cpus> executed{};
  std::array<unsigned, cpus> told{};
  const std::function<Exit(FakeVcpu&)> loop = [&](FakeVcpu& cpu) -> Exit {
    cpu.then(loop);
    if (!cpu.debug.single_step) return register_trap(0);
    ++executed[cpu.index().value];
    ++cpu.general_registers.rax;
    return step_trap();
  };
  for (unsigned i = 0; i < cpus; ++i) s.cpu(i).then(loop);
  for (unsigned round = 0; round < rounds; ++round) {
    s.resume();
    const StopEvent hit = s.next();
    ASSERT_TRUE(is<stop::SoftwareBreakpoint>(hit));
    ASSERT_FALSE(s.control.any_running());
    ++told[hit.thread.value - 1];
    s.control.resume(std::array{ThreadAction{hit.thread, ResumeKind::Step}});
    const StopEvent stepped = s.next();
    ASSERT_TRUE(is<stop::StepComplete>(stepped));
    ASSERT_EQ(stepped.thread, hit.thread);
    ASSERT_TRUE(s.events.empty());
  }
  for (unsigned i = 0; i < cpus; ++i) {
    EXPECT_EQ(executed[i], told[i]) << i;
    EXPECT_GT(told[i], 0u) << "CPU " << i << " is never reported";
  }
}

// ---- non-stop

class NonStop : public testing::Test {
 protected:
  NonStop() { s.control.set_mode(RunControl::Mode::NonStop); }
  ControlledRig s{kvm_intel(), 3};
};

TEST_F(NonStop, ABreakpointStopsItsCpuAlone) {
  s.set_break(s.code + 5);
  s.cpu(1).then(s.code + 5, register_trap(0));
  s.resume();
  EXPECT_EQ(s.next().thread.value, 2u);
  EXPECT_TRUE(s.control.running({0}));
  EXPECT_FALSE(s.control.running({1}));
  EXPECT_TRUE(s.control.running({2}));
}

TEST_F(NonStop, AStepOfOneCpuLetsTheOthersRunOn) {
  s.resume();
  s.control.stop({1});
  EXPECT_EQ(s.next().thread.value, 2u);
  s.cpu(1).then(s.code + 1, step_trap());
  s.control.resume(std::array{ThreadAction{{2}, ResumeKind::Step}});
  const StopEvent event = s.next();
  EXPECT_TRUE(is<stop::StepComplete>(event));
  EXPECT_EQ(event.thread.value, 2u);
  EXPECT_TRUE(s.control.running({0}));
}

TEST_F(NonStop, AnInterruptIsToldOfEveryCpu) {
  s.resume();
  s.control.interrupt();
  std::set<std::uint32_t> told;
  for (int i = 0; i < 3; ++i) {
    const StopEvent event = s.next();
    ASSERT_TRUE(is<stop::Signalled>(event));
    EXPECT_EQ(std::get<stop::Signalled>(event.reason).signal, Signal::Int);
    told.insert(event.thread.value);
  }
  EXPECT_EQ(told.size(), 3u);
}

TEST_F(NonStop, TheEndOfTheMachineStopsTheOthersInSilence) {
  std::uint8_t byte = 3;
  s.cpu(1).then([&](FakeVcpu&) -> Exit {
    s.machine.request_exit(3);
    return exits::Io{exits::Io::Direction::Out, 1, 0xf4, 1, {&byte, 1}};
  });
  s.resume();
  const StopEvent event = s.next();
  ASSERT_TRUE(is<stop::Exited>(event));
  EXPECT_EQ(event.thread.value, 2u);
  while (s.control.any_running()) std::this_thread::yield();
  EXPECT_TRUE(s.events.empty());
}

// One has parked without a report, as in all-stop; the other is still running.
TEST(SeveralCpus, ASwitchToNonStopTellsOfThoseThatHaveParked) {
  ControlledRig s(kvm_intel(), 2);
  s.set_break(s.code + 5);
  std::latch inside(1), go(1);
  s.cpu(1).then([&](FakeVcpu&) -> Exit {
    inside.count_down();
    go.wait();
    return exits::Interrupted{};
  });
  s.cpu(0).then([&](FakeVcpu& cpu) {
    inside.wait();
    cpu.general_registers.rip = s.code + 5;
    return register_trap(0);
  });
  s.resume();
  while (s.control.running({0})) std::this_thread::yield();
  EXPECT_TRUE(s.events.empty());
  s.control.set_mode(RunControl::Mode::NonStop);
  EXPECT_EQ(s.next().thread.value, 1u);
  EXPECT_TRUE(s.events.empty());
  go.count_down();
  EXPECT_EQ(s.next().thread.value, 2u);
}

// A stop of one CPU that was under way becomes a stop of all.
TEST(SeveralCpus, ASwitchToAllStopFinishesAStopForAll) {
  ControlledRig s(kvm_intel(), 3);
  s.control.set_mode(RunControl::Mode::NonStop);
  std::latch leaving(1), go(1);
  s.cpu(1).then([&](FakeVcpu&) -> Exit {
    leaving.count_down();
    go.wait();
    return exits::Interrupted{};
  });
  s.resume();
  leaving.wait();
  s.control.stop({1});
  s.control.set_mode(RunControl::Mode::AllStop);
  go.count_down();
  (void)s.next();
  EXPECT_FALSE(s.control.any_running());
  EXPECT_TRUE(s.events.empty());
}

// The client disappears and the guest has to run on just when a stop is under way: it is posted once all have stopped.
TEST(SeveralCpus, AResumeInTheMidstOfAStopWaitsForIt) {
  ControlledRig s(kvm_intel(), 2);
  s.set_watch(WatchKind::Write, s.data, 8);
  std::latch inside(1);
  s.cpu(1).then([&](FakeVcpu& cpu) -> Exit {
    inside.count_down();
    cpu.wait_for_kicks(2);  // for the stop, and for the resume
    return exits::Io{};
  });
  s.cpu(0).then([&](FakeVcpu&) {
    inside.wait();
    return register_trap(0);
  });
  s.resume();
  while (s.control.running({0})) std::this_thread::yield();
  s.control.resume(std::array{ThreadAction{{1}, ResumeKind::Continue}});
  const StopEvent event = s.next();
  EXPECT_EQ(event.thread.value, 1u);
  EXPECT_TRUE(is<stop::Watchpoint>(event));
  EXPECT_FALSE(s.control.any_running());
  EXPECT_TRUE(s.events.empty());
}

TEST_F(NonStop, RegistersOfAParkedCpuAreReadWhileOthersRun) {
  s.resume();
  s.control.stop({1});
  (void)s.next();
  EXPECT_EQ(s.control.inspect([&] { return s.rip(1); }), s.code);
  EXPECT_TRUE(s.control.running({0}));
}

}  // namespace
}  // namespace gdbvm
