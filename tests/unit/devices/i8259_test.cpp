// The two 8259As' lines, cascade, triggers, and state.
#include "i8259_fixture.h"

namespace gdbvm {
namespace {

TEST_F(I8259, ARiseRequestsUntilItIsAcknowledged) {
  EXPECT_FALSE(pics.interrupt());
  pics.set_line(4, true);
  EXPECT_TRUE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0x10);
  EXPECT_EQ(pics.acknowledge(), 0x34);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0);
  EXPECT_EQ(status(master_command, read_isr), 0x10);
}

TEST_F(I8259, AnEdgeTriggeredLineThatStaysHighRequestsOnce) {
  pics.set_line(4, true);
  pics.acknowledge();
  pics.set_line(4, true);
  pics.write(master_command, eoi);
  EXPECT_FALSE(pics.interrupt());
  pulse(4);
  EXPECT_TRUE(pics.interrupt());
}

TEST_F(I8259, ARiseWhileTheLineIsInServiceIsKeptForLater) {
  pulse(4);
  pics.acknowledge();
  pulse(4);
  EXPECT_FALSE(pics.interrupt());
  pics.write(master_command, eoi);
  EXPECT_EQ(pics.acknowledge(), 0x34);
}

TEST_F(I8259, ALineThatFallsTooEarlyLeavesASpuriousInterruptOfLine7) {
  pics.set_line(4, true);
  pics.set_line(4, false);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(pics.acknowledge(), 0x37);
  EXPECT_EQ(status(master_command, read_isr), 0);
}

TEST_F(I8259, TheRealLine7IsInServiceAndSoToldFromASpuriousOne) {
  pics.set_line(7, true);
  EXPECT_EQ(pics.acknowledge(), 0x37);
  EXPECT_EQ(status(master_command, read_isr), 0x80);
}

TEST_F(I8259, ASlaveWithoutARequestAnswersWithItsLine7) {
  pics.set_line(9, true);
  auto bytes = saved(pics);
  bytes[sizeof(x86::PicRegisters) + offsetof(x86::PicRegisters, requests)] = {};
  restore(pics, bytes);
  EXPECT_EQ(pics.acknowledge(), 0x3f);
  EXPECT_EQ(pics.master().in_service, 4);
  EXPECT_EQ(pics.slave().in_service, 0);
}

TEST_F(I8259, LowerLinesHaveTheHigherPriority) {
  pulse(5);
  pulse(3);
  EXPECT_EQ(pics.acknowledge(), 0x33);
  EXPECT_FALSE(pics.interrupt());
  pulse(0);
  EXPECT_EQ(pics.acknowledge(), 0x30);
  pics.write(master_command, eoi);
  EXPECT_EQ(status(master_command, read_isr), 8);
  pics.write(master_command, eoi);
  EXPECT_EQ(pics.acknowledge(), 0x35);
}

TEST_F(I8259, AMaskedLineRequestsWithoutInterrupting) {
  pics.write(master_data, 0x10);
  EXPECT_EQ(pics.read(master_data), 0x10);
  pics.set_line(4, true);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0x10);
  pics.write(master_data, 0);
  EXPECT_EQ(pics.acknowledge(), 0x34);
}

TEST_F(I8259, ASlavesLinesHaveThePriorityOfLine2) {
  pulse(3);
  pulse(8);
  EXPECT_EQ(pics.acknowledge(), 0x38);
  EXPECT_EQ(pics.master().in_service, 4);
  EXPECT_EQ(pics.slave().in_service, 1);
  EXPECT_FALSE(pics.interrupt());
  pulse(1);
  EXPECT_EQ(pics.acknowledge(), 0x31);
}

TEST_F(I8259, ASlavesNextRequestFollowsTheEndsOfInterruptAtBoth) {
  pulse(8);
  pulse(9);
  EXPECT_EQ(pics.acknowledge(), 0x38);
  pics.write(slave_command, eoi);
  EXPECT_FALSE(pics.interrupt());
  pics.write(master_command, eoi);
  EXPECT_EQ(pics.acknowledge(), 0x39);
}

TEST_F(I8259, TheEndsOfInterruptMayComeInEitherOrder) {
  pulse(8);
  pulse(9);
  EXPECT_EQ(pics.acknowledge(), 0x38);
  pics.write(master_command, eoi);
  EXPECT_FALSE(pics.interrupt());
  pics.write(slave_command, eoi);
  EXPECT_EQ(pics.acknowledge(), 0x39);
}

TEST_F(I8259, AMaskedCascadeHoldsTheSlaveBack) {
  pics.write(master_data, 4);
  pulse(12);
  EXPECT_FALSE(pics.interrupt());
  pics.write(master_data, 0);
  EXPECT_EQ(pics.acknowledge(), 0x3c);
}

TEST_F(I8259, MaskingASlavesLineTakesItsRequestFromTheMaster) {
  pulse(12);
  pics.write(slave_data, 0x10);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0);
}

TEST_F(I8259, TheCascadeAndLinesBeyondTheLastAreNotTheDevices) {
  pics.set_line(2, true);
  pics.set_line(16, true);
  pics.set_line(18, true);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0);
  pulse(8);
  EXPECT_EQ(status(master_command, poll), 0x82);
  pics.write(master_command, eoi);
  pics.set_line(2, false);
  EXPECT_FALSE(pics.interrupt());
}

TEST_F(I8259, ALevelTriggeredLineRequestsAsLongAsItIsHigh) {
  pics.write(0x4d0, 0x20);
  pics.write(0x4d1, 0x08);
  for (const unsigned irq : {5u, 11u}) {
    pics.set_line(irq, true);
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(pics.acknowledge(), 0x30 + irq);
      pics.write(slave_command, eoi);
      pics.write(master_command, eoi);
      EXPECT_TRUE(pics.interrupt());
    }
    pics.set_line(irq, false);
    EXPECT_FALSE(pics.interrupt());
  }
}

TEST_F(I8259, ALineThatIsHighRequestsWhenItBecomesLevelTriggered) {
  pics.set_line(10, true);
  pics.acknowledge();
  pics.write(slave_command, eoi);
  pics.write(master_command, eoi);
  EXPECT_FALSE(pics.interrupt());
  pics.write(0x4d1, 4);
  EXPECT_EQ(pics.acknowledge(), 0x3a);
}

TEST_F(I8259, TimerKeyboardCascadeClockAndCoprocessorStayEdgeTriggered) {
  pics.write(0x4d0, 0xff);
  pics.write(0x4d1, 0xff);
  EXPECT_EQ(pics.read(0x4d0), 0xf8);
  EXPECT_EQ(pics.read(0x4d1), 0xde);
}

TEST_F(I8259, ASlavesSecondRequestIsAnotherEdgeAtTheMaster) {
  initialise(3, 3);
  pulse(8);
  pulse(9);
  EXPECT_EQ(pics.acknowledge(), 0x38);
  EXPECT_EQ(pics.acknowledge(), 0x39);
  EXPECT_FALSE(pics.interrupt());
}

TEST_F(I8259, ForeignPortsReadAllOnes) {
  EXPECT_EQ(pics.read(0x22), 0xff);
  EXPECT_EQ(pics.read(0x4d2), 0xff);
  pics.write(0x4d2, 0xff);
  EXPECT_EQ(pics.read(0x4d0), 0);
}

TEST_F(I8259, AResetKeepsTheLinesLevels) {
  pulse(4);
  pulse(8);
  pics.write(master_data, 0xff);
  pics.write(slave_data, 0xf0);
  pics.reset();
  EXPECT_EQ(pics.master().mask | pics.slave().mask, 0);
  EXPECT_EQ(pics.master().last_requests, 0x10);
  EXPECT_EQ(pics.master().level_mask, 0xf8);
  pics.set_line(4, true);
  EXPECT_FALSE(pics.interrupt());
}

TEST_F(I8259, ARestoredPairGoesOnAsTheSavedOneDid) {
  pics.write(0x4d1, 4);
  pics.set_line(10, true);
  pics.set_line(6, true);
  const auto before = saved(pics);
  EXPECT_EQ(pics.acknowledge(), 0x3a);
  pics.reset();
  restore(pics, before);
  EXPECT_EQ(saved(pics), before);
  EXPECT_EQ(pics.acknowledge(), 0x3a);
  EXPECT_THROW(restore(pics, std::span(before).first(before.size() - 1)), StateError);
}

TEST_F(I8259, AnyBytesAreAState) {
  const std::vector<std::byte> ones(sizeof(x86::PicRegisters) * 2, std::byte{0xff});
  restore(pics, ones);
  EXPECT_EQ(pics.read(0x4d0), 0xf8);
  pics.acknowledge();
  pics.write(master_data, 0);
  EXPECT_EQ(pics.master().init_state, 0);
  auto bytes = std::vector<std::byte>(ones.size());
  bytes[offsetof(x86::PicRegisters, vector_base)] = std::byte{0xff};
  restore(pics, bytes);
  pulse(1);
  EXPECT_EQ(pics.acknowledge(), 0xf9);
}

TEST_F(I8259, APulseIsRememberedThoughItsLineFalls) {
  for (const unsigned irq : {3u, 12u}) {
    pics.pulse(irq);
    EXPECT_TRUE(pics.interrupt()) << irq;
    EXPECT_EQ(pics.acknowledge() & 7, irq & 7);
    EXPECT_FALSE(pics.interrupt()) << irq;
    pics.write(slave_command, eoi);
    pics.write(master_command, eoi);
  }
}

TEST_F(I8259, APulseIsARiseOfALineThatIsHighAsWell) {
  pics.set_line(3, true);
  pics.acknowledge();
  pics.write(master_command, eoi);
  pics.pulse(3);
  EXPECT_TRUE(pics.interrupt());
  EXPECT_TRUE(pics.master().last_requests >> 3 & 1);
}

TEST_F(I8259, APulseThatNobodyWouldTakeIsForgotten) {
  pics.write(master_data, 1 << 3);
  pics.write(0x4d0, 1 << 5);
  for (const unsigned irq : {2u, 3u, 5u, 16u}) pics.pulse(irq);
  pics.write(master_data, 0);
  EXPECT_FALSE(pics.interrupt());
}

}  // namespace
}  // namespace gdbvm
