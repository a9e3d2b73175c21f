// How an operating system detects PCI, and what a scan of all buses finds.
#include "vmm/devices/pci_configuration.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/devices/saved_state.h"
#include "vmm/devices/reset_port.h"

namespace gdbvm {
namespace {

class PciTest : public testing::Test {
 protected:
  PciTest() {
    bus_.attach(PciConfiguration::address_port, PciConfiguration::port_count, pci_);
    bus_.attach(PciConfiguration::data_port, PciConfiguration::port_count, pci_, PciConfiguration::data_offset);
  }
  template <class T>
  void out(std::uint16_t port, T value) {
    bus_.write(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  template <class T>
  T in(std::uint16_t port) {
    T value = 0;
    bus_.read(port, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  std::uint32_t configuration(std::uint32_t address) {
    out<std::uint32_t>(0xcf8, 0x80000000 | address);
    return in<std::uint32_t>(0xcfc);
  }

  int resets_ = 0;
  Bus bus_;
  ResetControl reset_control_{[this] { ++resets_; }};
  PciConfiguration pci_{reset_control_};
};

TEST_F(PciTest, IsFound) {
  out<std::uint8_t>(0xcfb, 1);  // Linux does this first: mechanism 2 would accept it
  out<std::uint32_t>(0xcf8, 0x80000000);
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0x80000000);
  EXPECT_EQ(in<std::uint16_t>(0xcfc), 0x8086);
  out<std::uint32_t>(0xcf8, 0xffffffff);
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0x80fffffc);
  EXPECT_EQ(in<std::uint16_t>(0xcf8), 0xffff);
}

TEST_F(PciTest, TwoBridgesAndNothingElse) {
  for (std::uint32_t function = 0; function < 0x10000; ++function) {
    const std::uint32_t identity = function == 0 ? 0x12378086 : function == 8 ? 0x70008086 : 0xffffffff;
    EXPECT_EQ(configuration(function << 8), identity) << function;
  }
  EXPECT_EQ(configuration(0x08), 0x06000000u);
  EXPECT_EQ(in<std::uint16_t>(0xcfe), 0x0600);
  EXPECT_EQ(in<std::uint8_t>(0xcff), 0x06);
  EXPECT_EQ(configuration(0x808), 0x06010000u);
  EXPECT_EQ(configuration(0x2c), 0x11001af4u) << "by which SeaBIOS knows virtual machines";
  EXPECT_EQ(configuration(0xfc), 0u);  // the last of its registers
  out<std::uint32_t>(0xcfc, 0xffffffff);
  EXPECT_EQ(configuration(0xfc), 0u);
  for (std::uint32_t base = 0x10; base < 0x28; base += 4) {
    EXPECT_EQ(configuration(base), 0u);
    out<std::uint32_t>(0xcfc, 0xffffffff);
    EXPECT_EQ(configuration(base), 0u);  // no resources
  }
}

TEST_F(PciTest, FirmwareSetsTheChipsetUp) {
  configuration(0x58);
  out<std::uint32_t>(0xcfc, 0x33333030);  // who has the memory below 1 MiB
  EXPECT_EQ(in<std::uint32_t>(0xcfc), 0x33333000u);
  configuration(0x860);
  out<std::uint8_t>(0xcfd, 0x7b);
  EXPECT_EQ(configuration(0x860), 0x80800b80u);
  bus_.reset();
  EXPECT_EQ(configuration(0x58), 0u);
}

TEST_F(PciTest, HasWhatIsAttached) {
  PciFunction function({.vendor = 0x1234, .device = 0x5678, .class_code = 0x010203, .has_siblings = true});
  function.set(0x10, 0x1, 4, 0xfff0);
  int changes = 0;
  function.set_observer([&] { ++changes; });
  pci_.attach(1, 1, function);
  EXPECT_EQ(configuration(0x900), 0x56781234u);
  EXPECT_EQ(configuration(0x908), 0x01020300u);
  configuration(0x910);
  out<std::uint32_t>(0xcfc, 0xffffffff);
  EXPECT_EQ(in<std::uint32_t>(0xcfc), 0xfff1u);
  EXPECT_EQ(changes, 1);
}

TEST_F(PciTest, NobodyIsAskedUnlessEnabled) {
  out<std::uint32_t>(0xcf8, 0);
  EXPECT_EQ(in<std::uint32_t>(0xcfc), 0xffffffff);
  out<std::uint32_t>(0xcf8, 0x80000000);
  bus_.reset();
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0u);
  EXPECT_EQ(in<std::uint32_t>(0xcfc), 0xffffffff);
}

TEST_F(PciTest, AccessesAcrossTheEndAreSplit) {
  configuration(0x08);
  EXPECT_EQ(in<std::uint16_t>(0xcff), 0xff06);
  EXPECT_EQ(in<std::uint32_t>(0xcfa), 0x0000ffff);  // bytes of the address register, then of the data
}

TEST_F(PciTest, TheResetControlRegisterLiesAmongIts) {
  out<std::uint32_t>(0xcf8, 0x80000600);
  EXPECT_EQ(resets_, 0);
  out<std::uint8_t>(0xcf9, 2);
  EXPECT_EQ(in<std::uint8_t>(0xcf9), 2);
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0x80000600);
  out<std::uint8_t>(0xcf9, 6);
  EXPECT_EQ(resets_, 1);
  bus_.reset();
  EXPECT_EQ(in<std::uint8_t>(0xcf9), 0);
}

TEST_F(PciTest, ItsStateIsRestored) {
  configuration(0x58);
  out<std::uint32_t>(0xcfc, 0xff00ff00);
  out<std::uint32_t>(0xcf8, 0x80001234);
  const StateBytes state = saved(pci_);
  bus_.reset();
  expect_truncated_is_refused(pci_, state);
  restore(pci_, state);
  EXPECT_EQ(saved(pci_), state);
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0x80001234);
  EXPECT_EQ(configuration(0x58), 0xff00ff00u);
}

TEST_F(PciTest, HardWiredBitsOfAStateStay0) {
  restore(pci_, with(saved(pci_), 0, ~std::uint32_t{0}));
  EXPECT_EQ(in<std::uint32_t>(0xcf8), 0x80fffffc);
  restore(pci_, with(saved(pci_), 4, ~std::uint32_t{0}));
  EXPECT_EQ(configuration(0), 0x12378086u);
}

}  // namespace
}  // namespace gdbvm
