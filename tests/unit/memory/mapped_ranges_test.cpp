// Enumerating address spaces, including huge, sparse and hostile ones.
#include "vmm/memory/mapped_ranges.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/unit/memory/page_tables.h"
#include "vmm/memory/page_walk.h"

namespace gdbvm {
namespace {

struct MappedRangesTest : ::testing::Test, PageTables {
  std::vector<MappedRange> ranges(std::size_t most = 1000) {
    std::vector<MappedRange> found;
    MappedRanges space(memory, system);
    Gva from{0};
    while (found.size() < most) {
      const auto range = space.next(from);
      if (!range) break;
      found.push_back(*range);
      from = range->start + range->size;
      if (from.value == 0) break;  // the end of the address space
    }
    return found;
  }
};

constexpr paging::Rights read_only{.writable = false, .user = true, .executable = true};

TEST_F(MappedRangesTest, WithoutPagingItIsFourGib) {
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0}, std::uint64_t{1} << 32, {}}}));
}

TEST_F(MappedRangesTest, JoinsPagesOfAllSizesAndSplitsByRights) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x2000, 0, 0x3000 | all);
  put(0x2000, 1, large | all);     // 1 GiB at 1 GiB
  put(0x3000, 511, 0x4000 | all);  // the last 2 MiB before it
  put(0x4000, 511, 0x8000 | all);  // its last page
  put(0x4000, 509, 0x8000 | present | user);
  put(0x4000, 510, 0x9000 | present | user);
  put(0x1000, 511, 0x5000 | all);
  put(0x5000, 511, large | all);
  constexpr std::uint64_t gib = std::uint64_t{1} << 30;
  EXPECT_EQ(ranges(),
            (std::vector<MappedRange>{
                {{gib - 0x3000}, 0x2000, read_only}, {{gib - 0x1000}, gib + 0x1000, {}}, {{0 - gib}, gib, {}}}));
}

TEST_F(MappedRangesTest, BeginsAtTheAskedPage) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x2000, 0, large | all);
  MappedRanges space(memory, system);
  EXPECT_EQ(space.next({0x12345}), (MappedRange{{0x12000}, (1u << 30) - 0x12000, {}}));
  EXPECT_EQ(space.next({0x40000000}), std::nullopt);
  EXPECT_EQ(space.next({0x0000900000000000}), std::nullopt);  // in the hole
  EXPECT_EQ(space.next({~std::uint64_t{0}}), std::nullopt);
}

TEST_F(MappedRangesTest, TheHoleSeparatesTheHalves) {
  use_64(0x1000);
  put(0x1000, 255, 0x2000 | all);
  put(0x1000, 256, 0x2000 | all);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x2000, i, large | all);
  const std::uint64_t size = std::uint64_t{1} << 39;
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0x7f8000000000}, size, {}}, {{0xffff800000000000}, size, {}}}));
  MappedRanges space(memory, system);
  EXPECT_EQ(space.next({0x0000800000000000}), (MappedRange{{0xffff800000000000}, size, {}}));
}

TEST_F(MappedRangesTest, ThirtyTwoBitModes) {
  use_32(0x1000, true);
  put32(0x1000, 1023, 0x800000 | large | all);
  put32(0x1000, 0, 0x2000 | all);
  put32(0x2000, 7, 0x9000 | all);
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0x7000}, 0x1000, {}}, {{0xffc00000}, 0x400000, {}}}));
  use_pae(0x5000);
  put(0x5000, 3, 0x6000 | present);
  put(0x6000, 511, 0x200000 | large | all);
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0xffe00000}, 0x200000, {}}}));
}

TEST_F(MappedRangesTest, RepeatedTablesCostNothing) {
  use_64(0x1000, true);  // 2^45 pages, all by four tables
  for (std::uint64_t i = 0; i < 512; ++i) {
    put(0x1000, i, 0x2000 | all);
    put(0x2000, i, 0x3000 | all);
    put(0x3000, i, 0x4000 | all);
    put(0x4000, i, 0x5000 | all);
    put(0x5000, i, 0x8000 | all);
  }
  const std::uint64_t half = std::uint64_t{1} << 56;
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0}, half, {}}, {{0 - half}, half, {}}}));
}

TEST_F(MappedRangesTest, RightsThatDifferOnlyBelowAStricterTableDoNotMatter) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | present);  // read-only and supervisor for all below
  for (std::uint64_t i = 0; i < 512; ++i) {
    put(0x2000, i, 0x3000 | all);
    put(0x3000, i, 0x4000 | all);
    put(0x4000, i, 0x8000 | present | (i % 2 ? writable : user));
  }
  const paging::Rights kernel_text{.writable = false, .user = false, .executable = true};
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0}, std::uint64_t{1} << 39, kernel_text}}));
}

TEST_F(MappedRangesTest, AStricterTableAboveAUniformOneHolds) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x2000, 0, 0x3000 | present | user);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x3000, i, i << 21 | large | all);
  EXPECT_EQ(ranges(), (std::vector<MappedRange>{{{0}, 1u << 30, read_only}}));
}

TEST_F(MappedRangesTest, RecursiveTablesEnd) {
  use_64(0x1000);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x1000, i, 0x1000 | all);
  const auto found = ranges();
  ASSERT_EQ(found.size(), 2u);
  put(0x1000, 5, 0);
  EXPECT_EQ(ranges(50).size(), 50u);
}

TEST_F(MappedRangesTest, TheSpanAroundAnAddress) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x2000, 1, 0x3000 | all);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x3000, i, i << 21 | large | (i < 2 ? present | user : all));
  put(0x1000, 511, 0x5000 | all);
  put(0x5000, 511, large | all | nx);
  constexpr std::uint64_t gib = std::uint64_t{1} << 30, two_large = std::uint64_t{4} << 20;
  MappedRanges space(memory, system);
  EXPECT_EQ(space.around({0x1234}), (AddressSpan{{0}, gib, std::nullopt}));
  EXPECT_EQ(space.around({gib - 1}), (AddressSpan{{0}, gib, std::nullopt}));
  EXPECT_EQ(space.around({gib}), (AddressSpan{{gib}, two_large, read_only}));
  EXPECT_EQ(space.around({gib + two_large - 1}), (AddressSpan{{gib}, two_large, read_only}));
  const AddressSpan writable_part{{gib + two_large}, gib - two_large, paging::Rights{}};
  EXPECT_EQ(space.around({gib + two_large}), writable_part);
  EXPECT_EQ(space.around({gib + 0x12345678}), writable_part);
  const AddressSpan gap{{2 * gib}, 0 - 3 * gib, std::nullopt};  // the hole of non-canonical addresses is a part of it
  EXPECT_EQ(space.around({2 * gib}), gap);
  EXPECT_EQ(space.around({0x0000900000000000}), gap);
  EXPECT_EQ(space.around({0xffff900000000000}), gap);
  EXPECT_EQ(space.around({~std::uint64_t{0}}),
            (AddressSpan{{0 - gib}, gib, paging::Rights{.writable = true, .user = true, .executable = false}}));
}

TEST_F(MappedRangesTest, TheSpanAroundAnAddressOfThirtyTwoBits) {
  MappedRanges unpaged(memory, system);
  constexpr std::uint64_t end = std::uint64_t{1} << 32;
  EXPECT_EQ(unpaged.around({0x7c00}), (AddressSpan{{0}, end, paging::Rights{}}));
  EXPECT_EQ(unpaged.around({end + 5}), (AddressSpan{{end}, 0 - end, std::nullopt}));
  use_32(0x1000, true);
  MappedRanges empty(memory, system);
  EXPECT_EQ(empty.around({0x1000}), (AddressSpan{{0}, ~std::uint64_t{0}, std::nullopt}));
}

// Each page of a small random space is in the ranges exactly if a walk finds it, with the walk's rights.
TEST_F(MappedRangesTest, AgreesWithTheWalk) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    use_pae(0x1000);
    for (std::uint64_t i = 0; i < 4; ++i) put(0x1000, i, i == 0 ? 0x2000 | present : 0);
    for (std::uint64_t i = 0; i < 512; ++i) {
      const bool has_table = i < 4 && random() % 4;
      put(0x2000, i, has_table ? (0x3000 + random() % 2 * 0x1000) | present | (random() & (writable | user)) : 0);
      put(0x3000, i, random() % 8 ? (random() & (writable | user)) | present | 0x8000 : 0);
      put(0x4000, i, random() % 16 ? present | writable | 0x8000 : 0);
    }
    const auto found = ranges(100000);
    for (std::uint64_t at = 0; at < 5 << 21; at += 0x1000) {
      const auto walked = translate(memory, system, {at});
      const MappedRange* in = nullptr;
      for (const auto& range : found)
        if (at >= range.start.value && at - range.start.value < range.size) in = &range;
      ASSERT_EQ(walked.has_value(), in != nullptr) << fmt::format("{:#x}", at);
      if (in) {
        ASSERT_EQ(walked->rights, in->rights);
        if (random() % 32) continue;
        ASSERT_EQ(MappedRanges(memory, system).around({at}), (AddressSpan{in->start, in->size, in->rights}));
      }
    }
  }
}

}  // namespace
}  // namespace gdbvm
