// An 8259A's command words, by the data sheet's sections.
#include "i8259_fixture.h"

namespace gdbvm {
namespace {

TEST_F(I8259, InitialisingClearsMaskServiceAndPrioritiesAndForgetsEdges) {
  pulse(6);
  pics.acknowledge();
  pulse(1);
  for (const std::uint8_t word : {0xc3, 0x80, 0x68, read_isr + 0}) pics.write(master_command, word);
  pics.write(master_data, 0xff);
  initialise(1, 1);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(pics.read(master_command), 0);  // requests, not what is in service
  EXPECT_EQ(pics.read(master_data), 0);
  EXPECT_EQ(pics.master().in_service, 0);
  EXPECT_EQ(pics.master().priority_add, 0);
  EXPECT_EQ(pics.master().special_mask, 0);
  EXPECT_EQ(pics.master().rotate_on_auto_eoi, 0);
  pics.set_line(1, true);
  EXPECT_FALSE(pics.interrupt());
  pulse(1);
  EXPECT_TRUE(pics.interrupt());
}

TEST_F(I8259, InitialisingKeepsTriggersLevelRequestsAndVectors) {
  pics.write(0x4d0, 0x20);
  pics.set_line(5, true);
  pics.write(master_command, 0x11);
  EXPECT_EQ(pics.read(0x4d0), 0x20);
  EXPECT_EQ(pics.acknowledge(), 0x35);
}

TEST_F(I8259, TheVectorsLowBitsAreTheLines) {
  for (const std::uint8_t word : {0x11, 0x2f, 4, 1}) pics.write(word == 0x11 ? master_command : master_data, word);
  pulse(1);
  EXPECT_EQ(pics.acknowledge(), 0x29);
  EXPECT_EQ(pics.master().vector_base, 0x28);
}

TEST_F(I8259, WithoutIcw4ThereAreThreeWordsAndNoneOfItsModes) {
  initialise(0x13, 1);
  for (const std::uint8_t word : {0x10, 0x28, 4}) pics.write(word == 0x10 ? master_command : master_data, word);
  pics.write(master_data, 0xfe);
  EXPECT_EQ(pics.read(master_data), 0xfe);
  pulse(0);
  EXPECT_EQ(pics.acknowledge(), 0x28);
  EXPECT_EQ(pics.master().in_service, 1);
  EXPECT_EQ(pics.master().special_fully_nested, 0);
}

TEST_F(I8259, ASingleChipHasNoIcw3) {
  pics.write(master_command, 0x12);
  pics.write(master_data, 0x40);
  pics.write(master_data, 0xfd);
  EXPECT_EQ(pics.read(master_data), 0xfd);
  pics.write(master_command, 0x13);
  pics.write(master_data, 0x40);
  pics.write(master_data, 0x03);
  pics.write(master_data, 0xfb);
  EXPECT_EQ(pics.read(master_data), 0xfb);
  EXPECT_EQ(pics.master().auto_eoi, 1);
}

TEST_F(I8259, ASpecificEndOfInterruptEndsThatLine) {
  pulse(4);
  pics.acknowledge();
  pulse(1);
  pics.acknowledge();
  pics.write(master_command, 0x64);
  EXPECT_EQ(status(master_command, read_isr), 2);
}

TEST_F(I8259, AnEndOfInterruptWithNothingInServiceDoesNothing) {
  for (const std::uint8_t word : {0x20, 0xa0, 0x40}) pics.write(master_command, word);
  EXPECT_EQ(pics.master().priority_add, 0);
  EXPECT_EQ(pics.master().in_service, 0);
}

TEST_F(I8259, SettingThePriorityNamesTheLowestLine) {
  pics.write(master_command, 0xc4);
  for (const unsigned irq : {0u, 4u, 5u}) pulse(irq);
  for (const std::uint8_t vector : {0x35, 0x30, 0x34}) {
    EXPECT_EQ(pics.acknowledge(), vector);
    pics.write(master_command, eoi);
  }
}

TEST_F(I8259, RotationOnAnEndOfInterruptMakesTheLineTheLowest) {
  pulse(4);
  pulse(6);
  EXPECT_EQ(pics.acknowledge(), 0x34);
  pics.write(master_command, 0xa0);  // the data sheet's figure: IR4 is served, IR5 the highest from then on
  EXPECT_EQ(pics.master().priority_add, 5);
  EXPECT_EQ(pics.master().in_service, 0);
  EXPECT_EQ(pics.acknowledge(), 0x36);
  pics.write(master_command, 0xe1);
  EXPECT_EQ(pics.master().priority_add, 2);
  EXPECT_EQ(pics.master().in_service, 0x40);
}

TEST_F(I8259, AutomaticEndOfInterruptLeavesNothingInService) {
  initialise(3, 3);
  pulse(3);
  pulse(9);
  EXPECT_EQ(pics.acknowledge(), 0x39);
  EXPECT_EQ(pics.acknowledge(), 0x33);
  EXPECT_EQ(pics.master().in_service | pics.slave().in_service, 0);
}

TEST_F(I8259, AutomaticEndOfInterruptRotatesIfToldTo) {
  initialise(3, 1);
  pics.write(master_command, 0x80);
  pulse(3);
  pics.acknowledge();
  EXPECT_EQ(pics.master().priority_add, 4);
  pics.write(master_command, 0x00);
  pulse(5);
  pics.acknowledge();
  EXPECT_EQ(pics.master().priority_add, 4);
}

TEST_F(I8259, ASpuriousInterruptRotatesNothing) {
  initialise(3, 1);
  pics.write(master_command, 0x80);
  EXPECT_EQ(pics.acknowledge(), 0x37);
  EXPECT_EQ(pics.master().priority_add, 0);
}

TEST_F(I8259, SpecialMaskModeLetsLowerLinesInterruptAMaskedOne) {
  pulse(3);
  pics.acknowledge();
  pulse(6);
  pics.write(master_data, 8);
  EXPECT_FALSE(pics.interrupt());
  pics.write(master_command, 0x68);
  EXPECT_EQ(pics.acknowledge(), 0x36);
  pics.write(master_command, eoi);  // not line 3, which is masked
  EXPECT_EQ(status(master_command, read_isr), 8);
  pics.write(master_command, eoi);
  EXPECT_EQ(status(master_command, read_isr), 8);
  pulse(6);
  pics.write(master_command, 0x28);  // ESMM is 0: not a command
  EXPECT_TRUE(pics.interrupt());
  pics.write(master_command, 0x48);
  EXPECT_FALSE(pics.interrupt());
}

TEST_F(I8259, SpecialFullyNestedLetsASlavesHigherLineInterruptItsLowerOne) {
  for (const bool nested : {false, true}) {
    initialise(nested ? 0x11 : 1, 1);
    pulse(12);
    EXPECT_EQ(pics.acknowledge(), 0x3c);
    pulse(8);
    EXPECT_EQ(pics.interrupt(), nested);
  }
  EXPECT_EQ(pics.acknowledge(), 0x38);
  pulse(3);
  pulse(14);
  EXPECT_FALSE(pics.interrupt());  // lower than the slave, and lower in the slave
  pulse(1);
  EXPECT_EQ(pics.acknowledge(), 0x31);
}

TEST_F(I8259, APollAcknowledgesWithTheNextReadAtEitherPort) {
  for (const std::uint16_t port : {master_command, master_data}) {
    pulse(5);
    pics.write(master_command, poll);
    EXPECT_EQ(pics.read(port), 0x85);
    EXPECT_FALSE(pics.interrupt());
    EXPECT_EQ(status(master_command, read_isr), 0x20);
    pics.write(master_command, eoi);
  }
  pics.write(master_command, poll);
  EXPECT_EQ(pics.read(master_command) & 0x80, 0);
  EXPECT_EQ(status(master_command, read_isr), 0);
}

TEST_F(I8259, APolledSlavesNextRequestIsAnotherEdgeAtTheMaster) {
  const auto polled = [this](std::uint16_t port) { return status(port, poll); };
  initialise(3, 3);
  pulse(8);
  pulse(9);
  EXPECT_EQ(polled(master_command), 0x82);
  EXPECT_EQ(status(slave_command, read_irr), 3);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(polled(slave_command), 0x80);
  EXPECT_EQ(polled(master_command), 0x82);
  EXPECT_EQ(polled(slave_command), 0x81);
  EXPECT_FALSE(pics.interrupt());
  EXPECT_EQ(status(master_command, read_irr), 0);
}

TEST_F(I8259, TheStatusReadIsRemembered) {
  pulse(1);
  pics.acknowledge();
  pulse(6);
  EXPECT_EQ(status(master_command, read_isr), 2);
  pics.write(master_command, 0x08);
  EXPECT_EQ(pics.read(master_command), 2);
  EXPECT_EQ(status(master_command, read_irr), 0x40);
  EXPECT_EQ(pics.read(master_command), 0x40);
}

}  // namespace
}  // namespace gdbvm
