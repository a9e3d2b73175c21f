// The BIOS data area and the screen: what kernels find there, and images that are loaded over it.
#include "vmm/boot/firmware_data.h"

#include <gtest/gtest.h>

#include "plan_checks.h"
#include "plan_reader.h"

namespace gdbvm::boot {
namespace {

constexpr std::uint64_t ram_size = 16 << 20;

TEST(FirmwareData, TellsWhereConventionalMemoryEnds) {
  BootPlan plan;
  RamPlan ram(ram_size);
  EXPECT_EQ(place_firmware_data(plan, ram, {}), Gpa{0xe0000});
  expect_disjoint(plan, ram_size);
  const PlanReader memory(plan);
  EXPECT_EQ(memory.at<std::uint16_t>(0x400), 0x3f8);
  EXPECT_EQ(memory.at<std::uint16_t>(0x402), 0x2f8);
  EXPECT_EQ(memory.at<std::uint16_t>(0x413), 639);
  const std::uint64_t extended = memory.at<std::uint16_t>(0x40e) * 16u;
  EXPECT_EQ(extended, 639u * 1024);
  EXPECT_EQ(memory.byte(extended), 1) << "KiB";
  EXPECT_FALSE(ram.take({0x4ff}, 1));
  EXPECT_FALSE(ram.take({0x9ffff}, 1));
  EXPECT_EQ(memory.bytes(0xf0000, 4), "_MP_");
  EXPECT_EQ(memory.bytes(plan.placements.back().start.value, 8), "RSD PTR ");
}

TEST(FirmwareData, TheScreenIsEmptyAndGrey) {
  BootPlan plan;
  RamPlan ram(ram_size);
  place_firmware_data(plan, ram, {});
  const PlanReader memory(plan);
  for (const std::uint64_t cell : {0xb8000u, 0xb8000u + 2 * (80 * 25 - 1)}) {
    EXPECT_EQ(memory.at<std::uint16_t>(cell), 0x0720) << cell;
  }
}

TEST(FirmwareData, GivesWayToAnImage) {
  for (const std::uint64_t image : {0x400u, 0x4ffu, 0x9fc00u}) {
    BootPlan plan;
    RamPlan ram(ram_size);
    ram.reserve({image}, 1);
    EXPECT_TRUE(place_firmware_data(plan, ram, {}));
    EXPECT_EQ(plan.placements.size(), 3u) << image;
  }
  BootPlan plan;
  RamPlan little(64 << 10);
  EXPECT_FALSE(place_firmware_data(plan, little, {}));
  EXPECT_TRUE(plan.placements.empty());
}

}  // namespace
}  // namespace gdbvm::boot
