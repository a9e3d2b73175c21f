// What is kept of a machine as it runs, and what that dictates when it runs again.
#include "vmm/history/recorder.h"

#include <gtest/gtest.h>

#include "tests/support/fake/fake_vm.h"
#include "vmm/history/replayer.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm::history {
namespace {

using namespace std::chrono_literals;

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
  EXPECT_EQ(timeline.present().accesses, (std::vector<Clock::Time>{3ms, 4ms}));
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
