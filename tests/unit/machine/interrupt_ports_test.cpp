// Where a guest finds the interrupt controllers.
#include "vmm/machine/interrupt_ports.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace gdbvm {
namespace {

class InterruptPortsTest : public testing::Test {
 protected:
  void out(std::uint16_t port, std::uint8_t value) { pics.write(port, std::span(&value, 1)); }
  std::uint8_t in(std::uint16_t port) {
    std::uint8_t value = 0;
    pics.read(port, std::span(&value, 1));
    return value;
  }
  void write(std::uint64_t offset, std::vector<std::uint8_t> bytes) { io_apic.write(offset, bytes); }
  std::vector<std::uint8_t> read(std::uint64_t offset, std::size_t size) {
    std::vector<std::uint8_t> bytes(size, 0xcc);
    io_apic.read(offset, bytes);
    return bytes;
  }

  static constexpr std::uint64_t select = IoApic::select_offset, window = IoApic::window_offset;
  using Bytes = std::vector<std::uint8_t>;
  Clock clock;
  Interrupts interrupts{1, clock};
  PicPorts pics{interrupts};
  IoApicWindow io_apic{interrupts};
};

TEST_F(InterruptPortsTest, EachPicHasItsPorts) {
  out(0x21, 0x12);
  out(0xa1, 0x34);
  EXPECT_EQ(in(0x21), 0x12);
  EXPECT_EQ(in(0xa1), 0x34);
  const auto chips = interrupts.controllers();
  EXPECT_EQ(chips.master.mask, 0x12);
  EXPECT_EQ(chips.slave.mask, 0x34);
}

TEST_F(InterruptPortsTest, EachPicHasItsTriggerModes) {
  out(0x4d0, 0x20);
  out(0x4d1, 0x02);
  EXPECT_EQ(in(0x4d0), 0x20);
  EXPECT_EQ(in(0x4d1), 0x02);
  EXPECT_EQ(interrupts.controllers().master.level_triggered, 0x20);
}

TEST_F(InterruptPortsTest, TheIoApicIsAWindowOfWords) {
  write(select, {0x13, 0, 0, 0});
  write(window, {0, 0, 0, 0x05});
  write(select, {0x12, 0, 0, 0});
  write(window, {0x45, 0, 0, 0});
  EXPECT_EQ(interrupts.controllers().io_apic.redirection[1], 0x0500000000000045u);
  EXPECT_EQ(read(window, 4), (Bytes{0x45, 0, 0, 0}));
}

TEST_F(InterruptPortsTest, ANarrowWriteSelectsAsWell) {
  write(select, {0x01});
  EXPECT_EQ(read(window, 4), (Bytes{0x11, 0, 23, 0}));
}

TEST_F(InterruptPortsTest, ReadsOfOtherWidthsHaveThePartTheyCover) {
  write(select, {0x01, 0, 0, 0});
  EXPECT_EQ(read(window, 1), Bytes{0x11});
  EXPECT_EQ(read(window + 2, 2), (Bytes{23, 0}));
  EXPECT_EQ(read(window, 8), (Bytes{0x11, 0, 23, 0, 0, 0, 0, 0}));
}

TEST_F(InterruptPortsTest, AWideWriteIsOneOfItsFirstWordAndOneOffAWordNone) {
  write(select, {0x10, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(interrupts.controllers().io_apic.select, 0x10u);
  write(select + 1, {0x77});
  write(window + 1, {0x77});
  EXPECT_EQ(interrupts.controllers().io_apic.select, 0x10u);
  EXPECT_EQ(read(window, 4), (Bytes{0, 0, 1, 0}));
}

}  // namespace
}  // namespace gdbvm
