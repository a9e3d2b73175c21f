// What is kept of a machine as it runs, and what that dictates when it runs again.
#include "vmm/history/recorder.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vm.h"
#include "vmm/history/replayer.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm::history {
namespace {

using namespace std::chrono_literals;
using Kind = Meeting::Kind;

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    machine.clock().reserve(true);
    machine.set_moments(&recorder);
    recorder.begin();
  }
  ~RecorderTest() override { machine.set_moments(nullptr); }

  // The guest runs for that long, and leaves for that reason.
  void run(std::chrono::nanoseconds time, Exit exit = exits::Interrupted{}) {
    cpu().then([this, time, exit](FakeVcpu&) {
      host += time;
      return exit;
    });
    const Exit left = machine.vcpu({0}).run();
    (void)machine.handle({0}, left);
  }
  void access(std::chrono::nanoseconds time) {
    run(time, exits::Io{exits::Io::Direction::Out, 1, 0x80, 1, std::span(byte)});
  }
  void request_interrupt() {
    cpu().general_registers.rflags |= x86::rflags::interrupt;
    write_apic(x86::lapic::spurious, 0x1ff);
    write_apic(x86::lapic::command_low, 1u << 18 | 0x40);
  }
  void write_apic(unsigned offset, std::uint32_t value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    machine.interrupts().write_apic({0}, offset, bytes);
  }
  // It is due at that time, and taken as soon as somebody looks.
  void interrupt_at(Clock::Time time) {
    chipset.timers.add([this] { request_interrupt(); }).set(time - now());
  }
  void wait(std::chrono::nanoseconds time) {
    (void)recorder.waits();
    host += time;
    recorder.waited();
  }
  // It comes before the guest has executed anything.
  void run_kicked() {
    cpu().kick();
    (void)machine.vcpu({0}).run();
  }
  void run_again_from(const Keyframe& place) {
    machine.set_moments(&replayer);
    keyframes.put_back(place);
    replayer.starts_from(place);
  }
  FakeVcpu& cpu() { return *vm.vcpus[0]; }
  Clock::Time now() { return machine.clock().now(); }

  std::array<std::uint8_t, 1> byte{};
  std::chrono::nanoseconds host{1h};
  FakeVm vm;
  Chipset chipset{1, [this] { return Clock::HostTime(host); }};
  Machine machine{vm, chipset, 4 << 20, boot::BootPlan{}};
  snapshot::MachineSnapshots snapshots{machine};
  Keyframes keyframes{machine, snapshots};
  Timeline timeline;
  Recorder recorder{machine, keyframes, timeline, {.bytes = 1 << 30}};
  Replayer replayer{machine, timeline};
};

TEST_F(RecorderTest, TheMachinesTimeStandsWhileItsCpuIsNotInTheGuest) {
  run(5ms);
  host += 1s;
  EXPECT_EQ(now(), 5ms);
  machine.clock().go();
  host += 1s;
  EXPECT_EQ(now(), 5ms) << "nobody else lets it go";
  run(1ms);
  EXPECT_EQ(now(), 6ms);
}

TEST_F(RecorderTest, AnAccessIsKeptWithItsTime) {
  access(3ms);
  access(1ms);
  EXPECT_EQ(timeline.size(), 1u);
  EXPECT_EQ(timeline.present().meetings, (std::vector<Meeting>{{3ms, Kind::Access}, {4ms, Kind::Access}}));
}

TEST_F(RecorderTest, WhatIsDueWhereNothingElseHasComeBeginsASegmentBeforeItHappens) {
  Clock::Time expired{};
  chipset.timers.add([&] { expired = now(); }).set(2ms);
  run(3ms);
  EXPECT_EQ(timeline.size(), 1u);
  run(0ms);
  EXPECT_EQ(expired, 3ms);
  ASSERT_EQ(timeline.size(), 2u);
  EXPECT_TRUE(timeline.present().start->at_start);
  expired = {};
  keyframes.put_back(*timeline.present().start);
  EXPECT_EQ(now(), 3ms);
}

TEST_F(RecorderTest, WhatIsDueAtAnAccessNeedsNoSegment) {
  unsigned expired = 0;
  chipset.timers.add([&] { ++expired; }).set(2ms);
  access(3ms);
  run(0ms);
  EXPECT_EQ(expired, 1u);
  EXPECT_EQ(timeline.size(), 1u);
}

TEST_F(RecorderTest, AnInterruptThatIsTakenAfterAnAccessIsKeptWithIt) {
  interrupt_at(2ms);
  access(3ms);
  access(1ms);
  EXPECT_EQ(timeline.size(), 1u);
  EXPECT_EQ(cpu().interrupts.size(), 1u);
  EXPECT_EQ(timeline.present().meetings, (std::vector<Meeting>{{3ms, Kind::Access, true}, {4ms, Kind::Access}}));
}

TEST_F(RecorderTest, SoIsTheOneThatEndsAHlt) {
  interrupt_at(2ms);
  run(3ms, exits::Halt{});
  run(0ms);
  EXPECT_EQ(timeline.size(), 1u);
  EXPECT_EQ(timeline.present().meetings, (std::vector<Meeting>{{3ms, Kind::Halt, true}}));
}

TEST_F(RecorderTest, AWaitIsKeptWithItsTimeAndIsNoTimeOfTheGuests) {
  run(1ms, exits::Halt{});
  wait(20ms);
  EXPECT_EQ(timeline.present().meetings, (std::vector<Meeting>{{1ms, Kind::Halt}, {21ms, Kind::Wait}}));
  machine.vcpu({0}).set_run_state(x86::RunState::Runnable);
  run(1ms);
  run(0ms);
  EXPECT_EQ(timeline.size(), 1u);
}

TEST_F(RecorderTest, WhatWasKickedOutBeforeItTookItsInterruptTakesItWhereASegmentBegins) {
  interrupt_at(2ms);
  access(3ms);
  run_kicked();
  EXPECT_FALSE(timeline.present().meetings.back().delivers);
  EXPECT_FALSE(recorder.here()->at_meeting) << "the time is another one";
  run(1ms);
  EXPECT_EQ(timeline.size(), 2u);
  EXPECT_FALSE(timeline.at(1).meetings.back().delivers);
  EXPECT_TRUE(timeline.present().delivers);
}

TEST_F(RecorderTest, NorIsItTakenWhereASegmentBeganBefore) {
  run(1ms);
  request_interrupt();
  run_kicked();
  ASSERT_EQ(timeline.size(), 2u);
  EXPECT_FALSE(timeline.present().delivers);
  run(1ms);
  EXPECT_EQ(timeline.size(), 3u);
  EXPECT_TRUE(timeline.present().delivers);
}

TEST_F(RecorderTest, ASegmentEndsAfterManyMeetings) {
  Recorder busy(machine, keyframes, timeline, {.bytes = 1 << 30, .meetings = 3});
  machine.set_moments(&busy);
  busy.begin();
  for (int i = 0; i < 3; ++i) access(1us);
  EXPECT_EQ(timeline.size(), 1u);
  access(1us);
  EXPECT_EQ(timeline.size(), 2u);
  EXPECT_EQ(timeline.present().meetings.size(), 1u);
}

TEST_F(RecorderTest, AnAlarmIsNotSetAnewAfterEachExit) {
  run(1ms);
  const auto first = cpu().alarm;
  host += 1ms;
  run(1ms);
  EXPECT_EQ(cpu().alarm, first);
  host += 10ms;
  const Clock::HostTime third(host);
  run(1ms);
  EXPECT_GT(cpu().alarm, third) << "once it has gone off";
  EXPECT_LE(cpu().alarm, third + 10ms);
}

TEST_F(RecorderTest, ASegmentEndsAfterItsInterval) {
  run(9ms);
  run(2ms);
  EXPECT_EQ(timeline.size(), 1u);
  EXPECT_EQ(cpu().alarm, machine.clock().host_time(10ms));
  run(0ms);
  EXPECT_EQ(timeline.size(), 2u);
}

TEST_F(RecorderTest, NoneBeginsWhileAnExceptionIsOnItsWayIn) {
  run(11ms);
  cpu().event_bank.exception.injected = 1;
  run(0ms);
  EXPECT_EQ(timeline.size(), 1u);
  cpu().event_bank.exception.injected = 0;
  run(0ms);
  EXPECT_EQ(timeline.size(), 2u);
}

TEST_F(RecorderTest, AnInterruptIsDeliveredWhereASegmentBegins) {
  run(1ms);
  request_interrupt();
  run(1ms);
  EXPECT_EQ(timeline.size(), 2u);
  EXPECT_TRUE(timeline.present().delivers);
  EXPECT_FALSE(timeline.at(1).delivers);
}

TEST_F(RecorderTest, WhatComesFromOutsideBeginsASegmentAlsoAfterAnAccess) {
  access(1ms);
  recorder.comes_from_outside();
  run(1ms);
  EXPECT_EQ(timeline.size(), 2u);
  EXPECT_EQ(cpu().completions, 1u) << "the access comes first";
}

TEST_F(RecorderTest, AChangeKeepsWhatWasBeforeIt) {
  run(1ms);
  cpu().general_registers.rax = 1;
  recorder.is_changed();
  cpu().general_registers.rax = 2;
  recorder.is_changed();
  run(1ms);
  ASSERT_EQ(timeline.size(), 2u);
  ASSERT_TRUE(timeline.at(1).end);
  EXPECT_EQ(timeline.at(1).end->general.rax, 1u);
  EXPECT_EQ(timeline.at(2).start->general.rax, 2u);
}

TEST_F(RecorderTest, TheOldestIsForgottenForTheLimit) {
  Recorder frugal(machine, keyframes, timeline, {.bytes = 1});
  machine.set_moments(&frugal);
  frugal.begin();
  for (int i = 0; i < 3; ++i) run(11ms);
  EXPECT_EQ(timeline.size(), 1u);
  EXPECT_EQ(timeline.last(), 4u);
}

TEST_F(RecorderTest, AccessesAreAnsweredAtTheirTimesWhenTheyComeAgain) {
  access(3ms);
  access(1ms);
  machine.set_moments(&replayer);
  keyframes.put_back(*timeline.at(1).start);
  replayer.starts_from(*timeline.at(1).start);
  replayer.end_at(2, std::nullopt);
  access(70ms);
  EXPECT_EQ(now(), 3ms);
  EXPECT_FALSE(replayer.ended());
  access(0ms);
  EXPECT_EQ(now(), 4ms);
  EXPECT_TRUE(replayer.ended());
  EXPECT_FALSE(replayer.beyond());
  access(0ms);
  EXPECT_TRUE(replayer.beyond()) << "there was no third";
}

TEST_F(RecorderTest, AnInterruptComesAgainWhereItCameAndNowhereElse) {
  run(1ms);
  request_interrupt();
  run(1ms);
  const auto taken = cpu().interrupts.size();
  machine.set_moments(&replayer);
  keyframes.put_back(*timeline.at(2).start);
  cpu().general_registers.rflags |= x86::rflags::interrupt;
  replayer.starts_from(*timeline.at(2).start);
  EXPECT_TRUE(replayer.delivers());
  run(1ms);
  EXPECT_EQ(cpu().interrupts.size(), taken + 1);
  EXPECT_FALSE(replayer.delivers());
  request_interrupt();
  run(1ms);
  EXPECT_EQ(cpu().interrupts.size(), taken + 1);
}

TEST_F(RecorderTest, WhatCameAtAMeetingComesAgainThereAndNowhereElse) {
  interrupt_at(3ms);
  access(1ms);
  access(3ms);
  access(1ms);
  ASSERT_TRUE(timeline.present().meetings[1].delivers);
  const KeyframePtr start = timeline.present().start;
  const auto taken = cpu().interrupts.size();
  run_again_from(*start);
  request_interrupt();
  access(70ms);
  EXPECT_FALSE(replayer.delivery_due());
  access(0ms);
  EXPECT_TRUE(replayer.delivery_due());
  EXPECT_EQ(cpu().interrupts.size(), taken);
  access(0ms);
  EXPECT_EQ(cpu().interrupts.size(), taken + 1);
  EXPECT_FALSE(replayer.delivery_due());
}

TEST_F(RecorderTest, AHltThatRunsAgainWaitsForNothing) {
  run(1ms, exits::Halt{});
  wait(20ms);
  const KeyframePtr end = recorder.here();
  run_again_from(*timeline.present().start);
  replayer.end_at(2, std::nullopt);
  run(0ms, exits::Halt{});
  EXPECT_EQ(now(), 1ms);
  EXPECT_TRUE(std::holds_alternative<exits::Interrupted>(machine.vcpu({0}).run()));
  EXPECT_EQ(now(), 21ms);
  EXPECT_TRUE(replayer.ended());
  EXPECT_TRUE(keyframes.is_at(*end));
}

TEST_F(RecorderTest, AHltWhereAnAccessWasIsBeyond) {
  access(1ms);
  run_again_from(*timeline.present().start);
  run(0ms, exits::Halt{});
  EXPECT_TRUE(replayer.beyond());
}

TEST(Keyframe, RegistersAreTheSameWhateverADebuggerStepsBy) {
  x86::GeneralRegisters one{.rax = 1, .rflags = 2}, other{.rax = 1, .rflags = 2 | x86::rflags::tf | x86::rflags::rf};
  EXPECT_TRUE(same_registers(one, other));
  other.rax = 2;
  EXPECT_FALSE(same_registers(one, other));
}

TEST(Keyframe, ExtendedStatesAreTheSameByWhatTheyContain) {
  x86::ExtendedState untouched = x86::power_on::extended(), saved = untouched;
  saved.bytes[512] = 7;  // all components are in it, with the values that they begin with
  saved.bytes[0] = 0x7f;
  saved.bytes[1] = 0x03;
  EXPECT_EQ(hash_of(untouched), hash_of(saved));
  saved.bytes[160] = 1;  // xmm0
  EXPECT_NE(hash_of(untouched), hash_of(saved));
}

}  // namespace
}  // namespace gdbvm::history
