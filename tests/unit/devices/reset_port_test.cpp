// Which writes reset the machine, and which must not.
#include "vmm/devices/reset_port.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

class ResetPortTest : public testing::Test {
 protected:
  ResetPortTest() {
    bus_.attach(SystemControlA::port, 1, port_a_);
    bus_.attach(ResetControl::port, 1, control_);
  }
  int resets_after(std::uint16_t port, std::uint8_t value) {
    resets_ = 0;
    bus_.write(port, std::span(&value, 1));
    return resets_;
  }
  std::uint8_t in(std::uint16_t port) {
    std::uint8_t value = 0;
    bus_.read(port, std::span(&value, 1));
    return value;
  }

  int resets_ = 0;
  Bus bus_;
  SystemControlA port_a_{[this] { ++resets_; }};
  ResetControl control_{[this] { ++resets_; }};
};

TEST_F(ResetPortTest, SystemControlA) {
  EXPECT_EQ(in(0x92), 2);
  EXPECT_EQ(resets_after(0x92, 0), 0);
  EXPECT_EQ(in(0x92), 0);
  EXPECT_EQ(resets_after(0x92, 3), 1);
  EXPECT_EQ(in(0x92), 2);
  EXPECT_EQ(resets_after(0x92, 0), 0);
  bus_.reset();
  EXPECT_EQ(in(0x92), 2);
}

TEST_F(ResetPortTest, ResetControl) {
  EXPECT_EQ(resets_after(0xcf9, 0x02), 0);
  EXPECT_EQ(in(0xcf9), 2);
  EXPECT_EQ(resets_after(0xcf9, 0x06), 1);
  EXPECT_EQ(resets_after(0xcf9, 0x04), 1);
  bus_.reset();
  EXPECT_EQ(in(0xcf9), 0);
}

TEST_F(ResetPortTest, TheirStatesAreRestored) {
  resets_after(0x92, 0);
  resets_after(0xcf9, 2);
  const StateBytes port_a = saved(port_a_), control = saved(control_);
  bus_.reset();
  expect_truncated_is_refused(port_a_, port_a);
  expect_truncated_is_refused(control_, control);
  restore(port_a_, port_a);
  restore(control_, control);
  EXPECT_EQ(saved(port_a_), port_a);
  EXPECT_EQ(saved(control_), control);
  EXPECT_EQ(in(0x92), 0);
  EXPECT_EQ(in(0xcf9), 2);
}

}  // namespace
}  // namespace gdbvm
