// Emulators' ports that switch the machine off, and what is written there without switching it off.
#include "vmm/devices/power_off_ports.h"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

class PowerOffPortsTest : public testing::Test {
 protected:
  PowerOffPortsTest() {
    bus.attach(PowerOffPorts::control_port, PowerOffPorts::control_size, device, PowerOffPorts::control_port);
    bus.attach(PowerOffPorts::word_port, 1, device, PowerOffPorts::word_port);
  }
  void write(std::string_view text) {
    for (const char c : text) device.write(PowerOffPorts::word_port, {reinterpret_cast<const std::uint8_t*>(&c), 1});
  }
  void out(std::uint16_t value) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)};
    bus.write(0xb004, bytes);
  }

  int offs = 0;
  PowerOffPorts device{[this] { ++offs; }};
  Bus bus;
};

TEST_F(PowerOffPortsTest, TheControlRegistersSleepBit) {
  out(0x1c00);
  EXPECT_EQ(offs, 0);
  out(0x2000);
  out(0x3400);
  EXPECT_EQ(offs, 2);
}

TEST_F(PowerOffPortsTest, TheWord) {
  write("shutdown");
  write("Shut");
  EXPECT_EQ(offs, 0);
  write("down");
  EXPECT_EQ(offs, 1);
  write("SShutdown");
  EXPECT_EQ(offs, 2);
  write("Shut?down");
  EXPECT_EQ(offs, 2);
}

TEST_F(PowerOffPortsTest, HalfAWordIsRestored) {
  write("Shut");
  const StateBytes state = saved(device);
  bus.reset();
  expect_truncated_is_refused(device, state);
  write("down");
  EXPECT_EQ(offs, 0);
  restore(device, state);
  write("down");
  EXPECT_EQ(offs, 1);
}

TEST_F(PowerOffPortsTest, AForgedLengthIsWithinTheWord) {
  const StateBytes state = saved(device);
  restore(device, with(state, 0, std::uint8_t{0xff}));
  EXPECT_EQ(saved(device), with(state, 0, std::uint8_t{7}));
}

}  // namespace
}  // namespace gdbvm
