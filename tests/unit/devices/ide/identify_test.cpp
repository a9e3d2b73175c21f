// The geometry that BIOSes expect.
#include "vmm/devices/ide/identify.h"

#include <gtest/gtest.h>

namespace gdbvm::ide {
namespace {

TEST(Geometry, IsThatOfBioses) {
  const auto cylinders = [](std::uint64_t sectors) { return natural_geometry(sectors).cylinders; };
  EXPECT_EQ(cylinders(1), 1u);
  EXPECT_EQ(cylinders(10'000), 9u);
  EXPECT_EQ(cylinders(std::uint64_t{1} << 40), 16383u);
  EXPECT_EQ(natural_geometry(10'000).heads, 16u);
  EXPECT_EQ(natural_geometry(10'000).sectors, 63u);
}

TEST(Identify, CapsWhatOldFieldsCannotHold) {
  const auto bytes = identify_disk({"d", std::uint64_t{1} << 33, 0, 0, 16, 0});
  const auto word = [&](std::size_t number) { return bytes[2 * number] | bytes[2 * number + 1] << 8; };
  EXPECT_EQ(word(60), 0xffff);
  EXPECT_EQ(word(61), 0x0fff);
  EXPECT_EQ(word(102), 2);
  EXPECT_EQ(word(54), 0) << "no geometry, no division";
}

}  // namespace
}  // namespace gdbvm::ide
