// Finding free RAM: around what is taken, and never outside.
#include "vmm/boot/ram_plan.h"

#include <gtest/gtest.h>

namespace gdbvm::boot {
namespace {

constexpr std::uint64_t mib = 1 << 20, gib = 1 << 30, no_limit = UINT64_MAX;

TEST(RamPlan, KnowsWhatIsRam) {
  const RamPlan small(16 * mib);
  EXPECT_TRUE(small.is_ram({0}, 16 * mib));
  EXPECT_FALSE(small.is_ram({0}, 16 * mib + 1));
  EXPECT_FALSE(small.is_ram({16 * mib}, 1));
  EXPECT_FALSE(small.is_ram({UINT64_MAX}, 2));
  EXPECT_FALSE(small.is_ram({1}, UINT64_MAX));
  const RamPlan large(4 * gib);
  EXPECT_TRUE(large.is_ram({0}, 3 * gib));
  EXPECT_FALSE(large.is_ram({3 * gib - 1}, 2));
  EXPECT_FALSE(large.is_ram({4 * gib - 1}, 2));
  EXPECT_TRUE(large.is_ram({4 * gib}, gib));
  EXPECT_FALSE(large.is_ram({5 * gib}, 1));
}

TEST(RamPlan, PrefersThePreferred) {
  RamPlan ram(16 * mib);
  EXPECT_EQ(ram.find(0x100, 16, {0x500}, no_limit), Gpa{0x500});
  EXPECT_EQ(ram.find(0x100, 16, {0x500}, no_limit), Gpa{0x1000});  // taken now
}

TEST(RamPlan, FindsTheLowestPlaceThatFits) {
  RamPlan ram(16 * mib);
  ram.reserve({0}, 0x2000);
  ram.reserve({0x3000}, 0x1000);
  ram.reserve({0x6000}, 1);
  EXPECT_EQ(ram.find(0x1000, 4096, {0}, no_limit), Gpa{0x2000});
  EXPECT_EQ(ram.find(0x2000, 4096, {0}, no_limit), Gpa{0x4000});
  EXPECT_EQ(ram.find(0x10, 16, {0}, no_limit), Gpa{0x6010});
  EXPECT_EQ(ram.find(0x1000, 4096, {0}, no_limit), Gpa{0x7000});
}

TEST(RamPlan, KeepsTheLimit) {
  RamPlan ram(16 * mib);
  ram.reserve({0}, 0x9f000);
  EXPECT_EQ(ram.find(0x1000, 16, {0}, 0xa0000), Gpa{0x9f000});
  EXPECT_EQ(ram.find(0x1000, 16, {0}, 0xa0000), std::nullopt);
}

TEST(RamPlan, GoesOnAboveTheHole) {
  RamPlan ram(4 * gib);
  ram.reserve({0}, 3 * gib - mib);
  EXPECT_EQ(ram.find(2 * mib, 4096, {0}, no_limit), Gpa{4 * gib});
  EXPECT_EQ(ram.find(gib, 4096, {0}, no_limit), std::nullopt);
}

TEST(RamPlan, ReservationsMayOverlapAndWrap) {
  RamPlan ram(16 * mib);
  ram.reserve({0x4000}, 0x1000);
  ram.reserve({0x1000}, 0x3800);
  ram.reserve({0x4800}, 0x800);
  ram.reserve({0x8000}, UINT64_MAX);
  ram.reserve({0x9000}, 0);
  EXPECT_EQ(ram.find(0x3000, 4096, {0}, no_limit), Gpa{0x5000});
  EXPECT_EQ(ram.find(0x1000, 4096, {0xa000}, no_limit), std::nullopt);  // the first page is not offered
}

TEST(RamPlan, TakesWhatIsFreeAndNothingElse) {
  RamPlan ram(16 * mib);
  EXPECT_TRUE(ram.take({0x4000}, 0x1000));
  EXPECT_FALSE(ram.take({0x4fff}, 1));
  EXPECT_FALSE(ram.take({16 * mib - 1}, 2));
  EXPECT_FALSE(ram.take({UINT64_MAX}, 2));
  EXPECT_TRUE(ram.take({0x5000}, 1));
}

TEST(RamPlan, FindsTheHighestPlaceThatFits) {
  RamPlan ram(16 * mib);
  EXPECT_EQ(ram.find_highest(1, 4096, no_limit), Gpa{16 * mib - 4096});
  ram.reserve({8 * mib}, 8 * mib - 8192);
  EXPECT_EQ(ram.find_highest(0x1000, 4096, no_limit), Gpa{16 * mib - 8192});
  EXPECT_EQ(ram.find_highest(0x1000, 4096, no_limit), Gpa{8 * mib - 4096});
  EXPECT_EQ(ram.find_highest(0x1000, 4096, mib + 5), Gpa{mib - 4096});
  EXPECT_EQ(ram.find_highest(8 * mib, 4096, no_limit), std::nullopt);
  EXPECT_EQ(ram.find_highest(UINT64_MAX, 4096, no_limit), std::nullopt);
  RamPlan large(4 * gib);
  EXPECT_EQ(large.find_highest(mib, 4096, no_limit), Gpa{5 * gib - mib});
  EXPECT_EQ(large.find_highest(mib, 4096, 4 * gib), Gpa{3 * gib - mib});
}

TEST(RamPlan, ASizeThatWrapsFitsNowhere) {
  RamPlan ram(16 * mib);
  EXPECT_EQ(ram.find(UINT64_MAX, 4096, {0x1000}, no_limit), std::nullopt);
}

TEST(RamPlan, SaysHowMuchMemoryHasRoom) {
  EXPECT_EQ(room_for({0}, 1), ": --memory 1M has room for it");
  EXPECT_EQ(room_for({0x100000}, 0x100001), ": --memory 3M has room for it");
  EXPECT_EQ(room_for({3 * gib - 1}, 1), ": --memory 3072M has room for it");
  EXPECT_EQ(room_for({4 * gib}, 1), ": --memory 3073M has room for it");
}

TEST(RamPlan, SaysNothingWhereNoPcHasMemory) {
  EXPECT_EQ(room_for({3 * gib - 1}, 2), "");
  EXPECT_EQ(room_for({4 * gib - 1}, 1), "");
  EXPECT_EQ(room_for({0}, UINT64_MAX), "");
  EXPECT_EQ(room_for({UINT64_MAX}, 1), "");
  EXPECT_EQ(room_for({UINT64_MAX}, UINT64_MAX), "");
}

}  // namespace
}  // namespace gdbvm::boot
