// Which sizes, depths and offsets there are, and what becomes of others.
#include "vmm/devices/vga/linear_registers.h"

#include <gtest/gtest.h>

namespace gdbvm::vga {
namespace {

constexpr std::uint64_t mib = 1 << 20;

struct LinearRegistersTest : testing::Test {
  LinearRegistersTest() { set(1024, 768, 32); }
  void set(std::uint16_t width, std::uint16_t height, std::uint16_t depth) {
    r.values[linear::width] = width;
    r.values[linear::height] = height;
    r.values[linear::depth] = depth;
    r.values[linear::enable] = linear::enabled;
  }
  LinearMode mode(std::uint64_t memory = 16 * mib) const { return mode_of(r, memory).value(); }
  LinearRegisters r = linear_power_on();
};

TEST_F(LinearRegistersTest, AreOffAtPowerOn) { EXPECT_FALSE(mode_of(linear_power_on(), 16 * mib)); }

TEST_F(LinearRegistersTest, RowsFollowEachOther) {
  EXPECT_EQ(mode(), (LinearMode{.width = 1024, .height = 768, .depth = 32, .start = 0, .bytes_per_row = 4096}));
  set(640, 480, 24);
  EXPECT_EQ(mode().bytes_per_row, 1920u);
  set(640, 480, 15);
  EXPECT_EQ(mode().bytes_per_row, 1280u);
}

TEST_F(LinearRegistersTest, TheVirtualScreenIsWider) {
  r.values[linear::virtual_width] = 2048;
  r.values[linear::x_offset] = 3;
  r.values[linear::y_offset] = 2;
  EXPECT_EQ(mode().bytes_per_row, 8192u);
  EXPECT_EQ(mode().start, 2u * 8192 + 12);
  correct(r, 16 * mib);
  EXPECT_EQ(r.values[linear::virtual_height], 2048);
}

TEST_F(LinearRegistersTest, WidthsAreWholeCharacters) {
  set(803, 600, 8);
  EXPECT_EQ(mode().width, 800u);
  set(0, 0, 8);
  EXPECT_EQ(mode().width, 8u);
  EXPECT_EQ(mode().height, 1u);
  set(0xffff, 10, 8);
  EXPECT_EQ(mode().width, linear::most_width);
}

TEST_F(LinearRegistersTest, OtherDepthsAreEight) {
  for (const std::uint16_t depth : {0, 1, 12, 17, 64}) {
    set(64, 64, depth);
    EXPECT_EQ(mode().depth, 8u) << depth;
  }
}

TEST_F(LinearRegistersTest, NothingLiesBeyondTheMemory) {
  set(1024, 768, 32);
  EXPECT_EQ(mode(mib).height, 256u);
  r.values[linear::x_offset] = 1;
  EXPECT_EQ(mode(mib).start, 0u);
  set(1024, 200, 32);
  EXPECT_EQ(mode(mib).start, 4u);
  r.values[linear::y_offset] = 57;
  EXPECT_EQ(mode(mib).start, 4u) << "the rows do not fit, the columns do";
}

TEST_F(LinearRegistersTest, AnyRegistersAreSomeMode) {
  r.values.fill(0xffff);
  const LinearMode most = mode();
  EXPECT_LE(most.start + most.height * most.bytes_per_row, 16 * mib);
  r.values.fill(0);
  r.values[linear::enable] = linear::enabled;
  EXPECT_EQ(mode().width, 8u);
}

}  // namespace
}  // namespace gdbvm::vga
