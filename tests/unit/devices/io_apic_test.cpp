// The I/O APIC: its registers, edges, levels, ends of interrupt.
#include "vmm/devices/io_apic.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

class IoApicTest : public testing::Test {
 protected:
  static constexpr std::uint32_t masked = 1u << 16, level = 1u << 15, remote_request = 1u << 14, active_low = 1u << 13,
                                 logical = 1u << 11, nmi = 0x400, vector = 0x50;
  std::vector<ApicMessage> sent_;
  bool taken_ = true;
  IoApic apic_{[this](const ApicMessage& message) {
    sent_.push_back(message);
    return taken_;
  }};

  std::uint32_t get(std::uint32_t index) {
    apic_.write(0x00, index);
    return apic_.read(0x10);
  }
  void set(std::uint32_t index, std::uint32_t value) {
    apic_.write(0x00, index);
    apic_.write(0x10, value);
  }
  std::uint32_t entry(unsigned pin) { return get(0x10 + 2 * pin); }
  void set_entry(unsigned pin, std::uint32_t low, std::uint32_t destination = 0) {
    set(0x11 + 2 * pin, destination << 24);
    set(0x10 + 2 * pin, low);
  }
};

TEST_F(IoApicTest, PowerOnMasksEverything) {
  EXPECT_EQ(get(0), 0u);
  EXPECT_EQ(get(1), 0x170011u);
  for (unsigned pin = 0; pin < IoApic::pins; ++pin) EXPECT_EQ(entry(pin), masked);
  EXPECT_EQ(apic_.registers().base, 0xfec00000u);
}

TEST_F(IoApicTest, OnlyTheWritableBitsAreWritten) {
  set(0, 0xffffffff);
  EXPECT_EQ(get(0), 0x0f000000u);
  EXPECT_EQ(get(2), 0x0f000000u);
  EXPECT_EQ(apic_.registers().id, 0x0fu);
  set(1, 0xffffffff);
  EXPECT_EQ(get(1), 0x170011u);
  set(0x3e, 0xffffffff);
  set(0x3f, 0xffffffff);
  EXPECT_EQ(get(0x3e), 0x1afffu);
  EXPECT_EQ(get(0x3f), 0xff000000u);
  set(0x40, 0xffffffff);
  EXPECT_EQ(get(0x40), 0u);
  EXPECT_EQ(get(3), 0u);
  apic_.write(0x00, 0xffffff01);
  EXPECT_EQ(apic_.read(0x00), 1u);
  EXPECT_EQ(apic_.read(0x04), 0u);
}

TEST_F(IoApicTest, AnEdgeIsSentOnce) {
  set_entry(4, vector | logical, 0x12);
  apic_.set_line(4, true);
  apic_.set_line(4, true);
  EXPECT_EQ(
      sent_,
      (std::vector{ApicMessage{.destination = 0x12, .destination_mode = DestinationMode::Logical, .vector = vector}}));
  apic_.set_line(4, false);
  apic_.set_line(4, false);
  EXPECT_EQ(sent_.size(), 1u);
  apic_.set_line(4, true);
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_F(IoApicTest, AnEdgeWhileMaskedIsLostAndItsLineShown) {
  set_entry(4, vector | masked);
  apic_.set_line(4, true);
  EXPECT_EQ(apic_.registers().requests, 1u << 4);
  set_entry(4, vector);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(IoApicTest, ALevelIsSentAgainAfterItsEndWhileItLasts) {
  set_entry(9, vector | level);
  apic_.set_line(9, true);
  EXPECT_EQ(entry(9), vector | level | remote_request);
  apic_.set_line(9, true);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].trigger, TriggerMode::Level);
  apic_.end_of_interrupt(vector + 1);
  EXPECT_EQ(sent_.size(), 1u);
  apic_.end_of_interrupt(vector);
  EXPECT_EQ(sent_.size(), 2u);
  apic_.set_line(9, false);
  apic_.end_of_interrupt(vector);
  EXPECT_EQ(sent_.size(), 2u);
  EXPECT_EQ(entry(9), vector | level);
}

TEST_F(IoApicTest, UnmaskingSendsALevel) {
  set_entry(9, vector | level | masked);
  apic_.set_line(9, true);
  EXPECT_TRUE(sent_.empty());
  set_entry(9, vector | level);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(IoApicTest, TheLineIsAssertedWhateverThePolarity) {
  set_entry(9, vector | level | active_low);
  EXPECT_TRUE(sent_.empty());
  apic_.set_line(9, true);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(IoApicTest, TheRemoteRequestOutlastsWritesUntilThePinIsAnEdge) {
  set_entry(9, vector | level);
  apic_.set_line(9, true);
  set_entry(9, vector | level | masked);
  EXPECT_EQ(entry(9), vector | level | masked | remote_request);
  set_entry(9, vector | masked);
  EXPECT_EQ(entry(9), vector | masked);
}

TEST_F(IoApicTest, ALevelThatNobodyTookIsTriedAgain) {
  taken_ = false;
  set_entry(9, vector | level);
  apic_.set_line(9, true);
  EXPECT_EQ(entry(9), vector | level);
  taken_ = true;
  apic_.set_line(9, true);
  EXPECT_EQ(entry(9), vector | level | remote_request);
}

TEST_F(IoApicTest, AnNmiIsAnEdgeWhateverTheTriggerMode) {
  set_entry(2, nmi | level);
  apic_.set_line(2, true);
  apic_.set_line(2, true);
  EXPECT_EQ(sent_, (std::vector{ApicMessage{.delivery_mode = DeliveryMode::Nmi}}));
  EXPECT_EQ(entry(2), nmi | level);
}

TEST_F(IoApicTest, ReservedDeliveryModesSendNothing) {
  set_entry(2, 0x300 | vector);
  apic_.set_line(2, true);
  set_entry(3, 0x600 | vector);
  apic_.set_line(3, true);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(IoApicTest, ResetKeepsTheLines) {
  apic_.set_line(9, true);
  set_entry(9, vector);
  apic_.reset();
  EXPECT_EQ(entry(9), masked);
  set_entry(9, vector | level);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(IoApicTest, PinsThatAreNotThereDoNothing) {
  apic_.set_line(24, true);
  apic_.set_line(1000, true);
  EXPECT_EQ(apic_.registers().requests, 0u);
}

TEST_F(IoApicTest, WhatIsSavedIsRestored) {
  set_entry(9, vector | level, 3);
  apic_.set_line(9, true);
  set(0, 5u << 24);
  IoApic other([](const ApicMessage&) { return true; });
  restore(other, saved(apic_));
  EXPECT_EQ(saved(other), saved(apic_));
}

}  // namespace
}  // namespace gdbvm
