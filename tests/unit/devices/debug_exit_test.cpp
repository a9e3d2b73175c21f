// The debug-exit port's arithmetic.
#include "vmm/devices/debug_exit.h"

#include <gtest/gtest.h>

#include <vector>

namespace gdbvm {
namespace {

TEST(DebugExit, StatusIsTheValueShiftedPlusOne) {
  std::vector<int> statuses;
  DebugExit device([&](std::uint8_t status) { statuses.push_back(status); });
  Bus bus;
  bus.attach(DebugExit::usual_port, DebugExit::port_count, device);
  bus.write(0xf4, std::vector<std::uint8_t>{0});
  bus.write(0xf4, std::vector<std::uint8_t>{0x10});
  bus.write(0xf4, std::vector<std::uint8_t>{0x22, 1});
  bus.write(0xf4, std::vector<std::uint8_t>{0xff, 0xff, 0xff, 0xff});
  EXPECT_EQ(statuses, (std::vector<int>{1, 33, 69, 255}));
}

TEST(DebugExit, ReadsZero) {
  DebugExit device([](std::uint8_t) { FAIL(); });
  std::uint8_t value[4] = {1, 2, 3, 4};
  device.read(0, value);
  EXPECT_EQ(value[0] | value[1] | value[2] | value[3], 0);
}

}  // namespace
}  // namespace gdbvm
