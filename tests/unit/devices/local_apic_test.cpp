// The local APIC: priorities, its pins, messages in and out, signals, states that are saved.
#include "tests/unit/devices/local_apic_fixture.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using Vector = std::optional<std::uint8_t>;

TEST_F(LocalApicTest, PowerOnLeavesItDisabledWithEverythingMasked) {
  apic_.reset();
  EXPECT_EQ(get(lapic::id), 3u << 24);
  EXPECT_EQ(get(lapic::version), 0x50014u);
  EXPECT_EQ(get(lapic::spurious), 0xffu);
  EXPECT_EQ(get(lapic::destination_format), 0xffffffffu);
  for (unsigned offset = lapic::lvt_timer; offset <= lapic::lvt_error; offset += 16) EXPECT_EQ(get(offset), masked);
  EXPECT_FALSE(apic_.accepts_ext_int());
}

TEST_F(LocalApicTest, TheBootCpuTakesPicInterruptsAndNmisFromPowerOn) {
  LocalApic boot(0, true);
  EXPECT_EQ(boot.read(lapic::lvt_lint0, now_), ext_int);
  EXPECT_EQ(boot.read(lapic::lvt_lint1, now_), nmi);
  EXPECT_TRUE(boot.accepts_ext_int());
  boot.set_lint(1, true);
  EXPECT_TRUE(boot.take_signals().nmi);
}

TEST_F(LocalApicTest, InitKeepsTheIdAndResetDoesNot) {
  set(lapic::id, 9u << 24);
  set(lapic::task_priority, 0x40);
  request(0x50);
  apic_.init();
  EXPECT_EQ(get(lapic::id), 9u << 24);
  EXPECT_EQ(get(lapic::task_priority), 0u);
  EXPECT_FALSE(requested(0x50));
  apic_.reset();
  EXPECT_EQ(get(lapic::id), 3u << 24);
}

TEST_F(LocalApicTest, TheHighestRequestIsTakenFirst) {
  request(0x41);
  request(0xe1);
  EXPECT_EQ(apic_.pending(), Vector(0xe1));
  EXPECT_EQ(apic_.acknowledge(), 0xe1);
  EXPECT_TRUE(in_service(0xe1));
  EXPECT_FALSE(requested(0xe1));
  EXPECT_EQ(apic_.pending(), std::nullopt);
  end_of_interrupt();
  EXPECT_FALSE(in_service(0xe1));
  EXPECT_EQ(apic_.pending(), Vector(0x41));
}

TEST_F(LocalApicTest, AHigherClassInterruptsALowerOneAndTheSameClassWaits) {
  request(0x41);
  apic_.acknowledge();
  request(0x4f);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  request(0x50);
  EXPECT_EQ(apic_.pending(), Vector(0x50));
  apic_.acknowledge();
  EXPECT_EQ(get(lapic::processor_priority), 0x50u);
  end_of_interrupt();
  EXPECT_TRUE(in_service(0x41));
  EXPECT_EQ(get(lapic::processor_priority), 0x40u);
}

TEST_F(LocalApicTest, TheTaskPriorityHoldsBackItsClassAndThoseBelow) {
  set(lapic::task_priority, 0x58);
  request(0x5f);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  EXPECT_EQ(get(lapic::processor_priority), 0x58u);
  request(0x60);
  EXPECT_EQ(apic_.pending(), Vector(0x60));
}

TEST_F(LocalApicTest, Cr8IsTheClassOfTheTaskPriority) {
  set(lapic::task_priority, 0x5a);
  EXPECT_EQ(apic_.cr8(), 5);
  apic_.set_cr8(5);
  EXPECT_EQ(get(lapic::task_priority), 0x5au);
  apic_.set_cr8(6);
  EXPECT_EQ(get(lapic::task_priority), 0x60u);
}

TEST_F(LocalApicTest, TheSpuriousVectorIsTakenWhenNothingIsPendingAnyMore) {
  request(0x50);
  set(lapic::task_priority, 0x50);
  EXPECT_EQ(apic_.acknowledge(), 0xff);
  EXPECT_FALSE(in_service(0xff));
  EXPECT_TRUE(requested(0x50));
}

TEST_F(LocalApicTest, ALevelTriggeredVectorsEndIsForTheIoApic) {
  request(0x50, TriggerMode::Level);
  apic_.acknowledge();
  EXPECT_EQ(end_of_interrupt(), Vector(0x50));
  request(0x50);
  apic_.acknowledge();
  EXPECT_EQ(end_of_interrupt(), std::nullopt);
  EXPECT_EQ(end_of_interrupt(), std::nullopt);
}

TEST_F(LocalApicTest, DisabledBySoftwareItKeepsItsRequestsAndTakesNoMore) {
  request(0x50);
  set(lapic::lvt_lint1, nmi);
  set(lapic::spurious, 0xff);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  EXPECT_FALSE(request(0x60));
  EXPECT_EQ(get(lapic::lvt_lint1), nmi | masked);
  set(lapic::lvt_lint1, nmi);
  EXPECT_EQ(get(lapic::lvt_lint1), nmi | masked);
  EXPECT_TRUE(apic_.accept({.delivery_mode = DeliveryMode::Nmi}));
  set(lapic::spurious, 0x1ff);
  EXPECT_EQ(apic_.pending(), Vector(0x50));
}

TEST_F(LocalApicTest, AnEdgeOnLint1InterruptsOnce) {
  set(lapic::lvt_lint1, 0x50);
  apic_.set_lint(1, true);
  EXPECT_EQ(apic_.acknowledge(), 0x50);
  end_of_interrupt();
  apic_.set_lint(1, true);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  apic_.set_lint(1, false);
  apic_.set_lint(1, true);
  EXPECT_EQ(apic_.pending(), Vector(0x50));
}

TEST_F(LocalApicTest, ALevelOnLint0InterruptsUntilItFalls) {
  set(lapic::lvt_lint0, 0x50 | level);
  apic_.set_lint(0, true);
  EXPECT_EQ(get(lapic::lvt_lint0), 0x50 | level | remote_request);
  apic_.acknowledge();
  EXPECT_EQ(apic_.pending(), std::nullopt);
  end_of_interrupt();
  EXPECT_EQ(apic_.pending(), Vector(0x50));
  apic_.acknowledge();
  apic_.set_lint(0, false);
  end_of_interrupt();
  EXPECT_EQ(apic_.pending(), std::nullopt);
  EXPECT_EQ(get(lapic::lvt_lint0), 0x50 | level);
}

TEST_F(LocalApicTest, Lint1IsAnEdgeWhateverItsTriggerMode) {
  set(lapic::lvt_lint1, 0x50 | level);
  apic_.set_lint(1, true);
  apic_.acknowledge();
  EXPECT_EQ(end_of_interrupt(), std::nullopt);
  EXPECT_EQ(apic_.pending(), std::nullopt);
  apic_.set_lint(1, false);
  apic_.set_lint(1, true);
  EXPECT_EQ(apic_.pending(), Vector(0x50));
}

TEST_F(LocalApicTest, UnmaskingShowsALevelAndNotAnEdge) {
  apic_.set_lint(0, true);
  apic_.set_lint(1, true);
  set(lapic::lvt_lint0, 0x50 | level);
  EXPECT_EQ(apic_.pending(), Vector(0x50));
  set(lapic::lvt_lint1, 0x60 | level);
  EXPECT_FALSE(requested(0x60));
}

TEST_F(LocalApicTest, MakingLint0AnEdgeForgetsTheRemoteRequest) {
  set(lapic::lvt_lint0, 0x50 | level);
  apic_.set_lint(0, true);
  set(lapic::lvt_lint0, 0x50);
  EXPECT_EQ(get(lapic::lvt_lint0), 0x50u);
}

TEST_F(LocalApicTest, ThePinsAreOfTheirDeliveryModes) {
  set(lapic::lvt_lint0, ext_int);
  EXPECT_TRUE(apic_.accepts_ext_int());
  apic_.set_lint(0, true);
  EXPECT_FALSE(apic_.has_signals());
  EXPECT_EQ(apic_.pending(), std::nullopt);
  set(lapic::lvt_lint0, ext_int | masked);
  EXPECT_FALSE(apic_.accepts_ext_int());
  set(lapic::lvt_lint1, init);
  apic_.set_lint(1, true);
  EXPECT_TRUE(apic_.take_signals().init);
}

TEST_F(LocalApicTest, AStartUpCountsAfterAnInitAndNotBefore) {
  apic_.accept({.delivery_mode = DeliveryMode::StartUp, .vector = 0x99});
  EXPECT_TRUE(apic_.has_signals());
  apic_.accept({.delivery_mode = DeliveryMode::Init});
  auto signals = apic_.take_signals();
  EXPECT_TRUE(signals.init);
  EXPECT_EQ(signals.start_up, std::nullopt);
  apic_.accept({.delivery_mode = DeliveryMode::Init});
  apic_.accept({.delivery_mode = DeliveryMode::StartUp, .vector = 0x9a});
  signals = apic_.take_signals();
  EXPECT_TRUE(signals.init);
  EXPECT_EQ(signals.start_up, Vector(0x9a));
  EXPECT_FALSE(apic_.has_signals());
}

TEST_F(LocalApicTest, AnInitLevelDeassertIsIgnored) {
  const auto effect = set(lapic::command_low, 2u << 18 | level | init);
  ASSERT_TRUE(effect.message);
  EXPECT_FALSE(effect.message->asserted);
  EXPECT_FALSE(apic_.accept(*effect.message));
  EXPECT_FALSE(apic_.has_signals());
}

TEST_F(LocalApicTest, SmisAndBusExtIntsAreDropped) {
  EXPECT_FALSE(apic_.accept({.delivery_mode = DeliveryMode::Smi}));
  EXPECT_FALSE(apic_.accept({.delivery_mode = DeliveryMode::ExtInt, .vector = 0x50}));
  EXPECT_FALSE(apic_.has_signals());
  EXPECT_FALSE(requested(0x50));
}

TEST_F(LocalApicTest, TheCommandRegisterSendsWhatItSays) {
  set(lapic::command_high, 0x12345678);
  EXPECT_EQ(get(lapic::command_high), 0x12000000u);
  const auto effect = set(lapic::command_low, 0xffff'0000 | level | 1u << 14 | 1u << 12 | 1u << 11 | 0x1aa);
  EXPECT_EQ(get(lapic::command_low), 0xcc9aau | 1u << 14);
  EXPECT_EQ(effect.message, (ApicMessage{.destination = 0x12,
                                         .destination_mode = DestinationMode::Logical,
                                         .shorthand = DestinationShorthand::AllExcludingSelf,
                                         .delivery_mode = DeliveryMode::LowestPriority,
                                         .vector = 0xaa}));
  EXPECT_FALSE(set(lapic::command_low, ext_int | 0xaa).message);
}

TEST_F(LocalApicTest, APhysicalDestinationIsTheIdOrEveryone) {
  EXPECT_TRUE(apic_.matches(3, DestinationMode::Physical));
  EXPECT_FALSE(apic_.matches(2, DestinationMode::Physical));
  EXPECT_TRUE(apic_.matches(0xff, DestinationMode::Physical));
}

TEST_F(LocalApicTest, ALogicalDestinationIsFlatOrInClusters) {
  set(lapic::logical_destination, 0x24000000);
  EXPECT_TRUE(apic_.matches(0x04, DestinationMode::Logical));
  EXPECT_TRUE(apic_.matches(0xf0, DestinationMode::Logical));
  EXPECT_FALSE(apic_.matches(0x12, DestinationMode::Logical));
  set(lapic::destination_format, 0);
  EXPECT_EQ(get(lapic::destination_format), 0x0fffffffu);
  EXPECT_TRUE(apic_.matches(0x2c, DestinationMode::Logical));
  EXPECT_FALSE(apic_.matches(0x1c, DestinationMode::Logical));
  EXPECT_FALSE(apic_.matches(0x28, DestinationMode::Logical));
  EXPECT_TRUE(apic_.matches(0xff, DestinationMode::Logical));
}

TEST_F(LocalApicTest, ArbitrationCountsWhatIsRequestedToo) {
  set(lapic::task_priority, 0x28);
  EXPECT_EQ(get(lapic::arbitration_priority), 0x28u);
  request(0x51);
  EXPECT_EQ(get(lapic::arbitration_priority), 0x50u);
}

TEST_F(LocalApicTest, WhatIsSavedIsRestored) {
  set(lapic::lvt_timer, 0x40);
  set(lapic::timer_initial, 1000);
  set(lapic::lvt_lint0, 0x50 | level);
  apic_.set_lint(0, true);
  apic_.accept({.delivery_mode = DeliveryMode::Nmi});
  set(lapic::command_low, 0);  // an error
  LocalApic other(7, true);
  restore(other, saved(apic_));
  EXPECT_EQ(saved(other), saved(apic_));
  EXPECT_EQ(other.pending(), Vector(0x50));
  EXPECT_EQ(other.next_event(), apic_.next_event());
  EXPECT_TRUE(other.take_signals().nmi);
}

TEST_F(LocalApicTest, AForeignStateRequestsNoException) {
  StateWriter saved;
  apic_.save(saved);
  auto bytes = saved.bytes();
  bytes[lapic::requests] = bytes[lapic::requests + 1] = std::byte{0xff};
  StateReader reader(bytes);
  apic_.restore(reader);
  EXPECT_TRUE(requested(15));
  EXPECT_EQ(apic_.pending(), std::nullopt);
  EXPECT_EQ(apic_.acknowledge(), 0xff);
}

TEST_F(LocalApicTest, BytesThatAreNoStateAreRefusedAndChangeNothing) {
  request(0x50);
  StateWriter saved;
  apic_.save(saved);
  const auto refuses = [&](std::span<const std::byte> bytes) {
    StateReader reader(bytes);
    EXPECT_THROW(apic_.restore(reader), StateError);
    EXPECT_EQ(apic_.pending(), Vector(0x50));
  };
  refuses(std::span(saved.bytes()).first(100));
  refuses(std::span(saved.bytes()).first(saved.bytes().size() - 1));
  // The timer is the last: when it began to count, and the count.
  auto negative_time = saved.bytes();
  negative_time[negative_time.size() - 9] = std::byte{0x80};
  refuses(negative_time);
  auto distant_time = saved.bytes();
  distant_time[distant_time.size() - 9] = std::byte{0x7f};
  refuses(distant_time);
  auto long_count = saved.bytes();
  long_count[long_count.size() - 4] = std::byte{1};
  refuses(long_count);
}

}  // namespace
}  // namespace gdbvm
