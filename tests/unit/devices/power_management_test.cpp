// What switches the machine off, what does not, and a timer that keeps ACPI's time.
#include "vmm/devices/power_management.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

class PowerManagementTest : public testing::Test {
 protected:
  PowerManagementTest() { bus_.attach(PowerManagement::port, PowerManagement::port_count, device_); }
  template <class T>
  void out(std::uint16_t port, T value) {
    std::uint8_t bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    bus_.write(port, bytes);
  }
  template <class T>
  T in(std::uint16_t port) {
    std::uint8_t bytes[sizeof(T)];
    bus_.read(port, bytes);
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  int offs_ = 0;
  std::chrono::nanoseconds now_{0};
  Bus bus_;
  PowerManagement device_{[this] { ++offs_; }, [this] { return now_; }};
};

TEST_F(PowerManagementTest, SoftOffNeedsTypeAndEnable) {
  out<std::uint16_t>(0x604, 5 << 10);
  out<std::uint16_t>(0x604, 1 << 13 | 3 << 10);
  out<std::uint16_t>(0x602, 1 << 13 | 5 << 10);  // another register
  EXPECT_EQ(offs_, 0);
  out<std::uint16_t>(0x604, 1 << 13 | 5 << 10);
  EXPECT_EQ(offs_, 1);
  out<std::uint8_t>(0x605, 1 << 5 | 5 << 2);
  EXPECT_EQ(offs_, 2);
  out<std::uint32_t>(0x604, 1 << 13 | 5 << 10);
  EXPECT_EQ(offs_, 3);
  out<std::uint16_t>(0x604, 0x2000);
  EXPECT_EQ(offs_, 4) << "as QEMU has it";
}

TEST_F(PowerManagementTest, AcpiModeIsOnAndNothingHappens) {
  EXPECT_EQ(in<std::uint16_t>(0x604), 1);
  out<std::uint16_t>(0x602, 0x0521);
  out<std::uint16_t>(0x600, 0xffff);
  EXPECT_EQ(in<std::uint16_t>(0x600), 0);
  EXPECT_EQ(in<std::uint16_t>(0x602), 0x0521);
  EXPECT_EQ(in<std::uint32_t>(0x600), 0x05210000u);
  out<std::uint16_t>(0x604, 2 | 7 << 10);
  EXPECT_EQ(in<std::uint16_t>(0x604), 3);  // SLP_TYP is write-only
  bus_.reset();
  EXPECT_EQ(in<std::uint16_t>(0x602), 0);
  EXPECT_EQ(in<std::uint16_t>(0x604), 1);
}

TEST_F(PowerManagementTest, TheTimerCounts3579545TimesASecondAndWraps) {
  using namespace std::chrono_literals;
  EXPECT_EQ(in<std::uint32_t>(0x608), 0u);
  now_ = 1s;
  EXPECT_EQ(in<std::uint32_t>(0x608), 3579545u);
  now_ = 500ms;
  EXPECT_EQ(in<std::uint32_t>(0x608), 3579545u / 2);
  now_ = 24h * 365;
  EXPECT_EQ(in<std::uint32_t>(0x608), static_cast<std::uint32_t>(3579545ull * 3600 * 24 * 365));
  const auto all = in<std::uint32_t>(0x608);
  EXPECT_EQ(in<std::uint16_t>(0x60a), all >> 16);
  EXPECT_EQ(in<std::uint8_t>(0x60b), all >> 24);
}

TEST_F(PowerManagementTest, ItsStateIsRestored) {
  out<std::uint16_t>(0x602, 0x0521);
  out<std::uint16_t>(0x604, 2);
  const StateBytes state = saved(device_);
  bus_.reset();
  expect_truncated_is_refused(device_, state);
  restore(device_, state);
  EXPECT_EQ(saved(device_), state);
  EXPECT_EQ(in<std::uint16_t>(0x602), 0x0521);
  EXPECT_EQ(in<std::uint16_t>(0x604), 3);
  restore(device_, with(state, 2, std::uint8_t{0xff}));
  EXPECT_EQ(in<std::uint16_t>(0x604), 3) << "of foreign bytes no more than the register has";
}

}  // namespace
}  // namespace gdbvm
