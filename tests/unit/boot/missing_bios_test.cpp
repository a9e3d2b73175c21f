// The vectors of BIOS services where there is no BIOS. What the handler does, the integration case missing_bios shows.
#include "vmm/boot/missing_bios.h"

#include <gtest/gtest.h>

#include "plan_checks.h"
#include "plan_reader.h"
#include "vmm/boot/flat.h"

namespace gdbvm::boot {
namespace {

constexpr std::uint64_t ram_size = 16 << 20;

std::uint64_t handler_of(const BootPlan& plan, unsigned vector) {
  const PlanReader memory(plan);
  return memory.at<std::uint16_t>(vector * 4 + 2) * 16u + memory.at<std::uint16_t>(vector * 4);
}

TEST(MissingBios, HasTheServicesAndNeitherExceptionsNorTables) {
  BootPlan plan;
  RamPlan ram(ram_size);
  place_missing_bios(plan, ram);
  const std::uint64_t handler = handler_of(plan, 0x10);
  EXPECT_EQ(PlanReader(plan).byte(handler), 0x55) << "push %bp";
  EXPECT_EQ(handler_of(plan, 0x1a), handler);
  EXPECT_EQ(handler_of(plan, 0xf), 0u);
  EXPECT_EQ(handler_of(plan, 0x1b), 0u);
  EXPECT_FALSE(ram.take({0x40}, 1));
  EXPECT_FALSE(ram.take({handler}, 1));
}

TEST(MissingBios, GivesWayToAnImage) {
  for (const std::uint64_t image : {0x40u, 0x6bu, 0xfff53u}) {
    BootPlan plan;
    RamPlan ram(ram_size);
    ram.reserve({image}, 1);
    place_missing_bios(plan, ram);
    EXPECT_TRUE(plan.placements.empty()) << image;
  }
}

TEST(MissingBios, IsForRealModeAlone) {
  const std::vector<std::uint8_t> image(100, 0xf4);
  for (const Mode mode : {Mode::Real, Mode::Protected, Mode::Long}) {
    const auto plan = plan_flat(image, {.load = Gpa{0x7c00}, .mode = mode}, ram_size);
    ASSERT_TRUE(plan) << plan.error();
    expect_disjoint(*plan, ram_size);
    EXPECT_EQ(handler_of(*plan, 0x13) != 0, mode == Mode::Real);
  }
}

}  // namespace
}  // namespace gdbvm::boot
