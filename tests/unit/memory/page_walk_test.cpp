// Every paging mode and page size, rights, and the sentence for each way a walk can end.
#include "vmm/memory/page_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/memory/page_tables.h"

namespace gdbvm {
namespace {

using ::testing::ElementsAre;

struct PageWalk : ::testing::Test, PageTables {
  auto walk(std::uint64_t address) { return translate(memory, system, {address}); }
  std::string why(std::uint64_t address) {
    const auto result = walk(address);
    return result ? "mapped" : describe(result.error());
  }
};

TEST_F(PageWalk, WithoutPagingAddressesAreTheirOwn) {
  const auto result = walk(0xfffffff0);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->address, Gpa{0xfffffff0});
  EXPECT_EQ(result->entry_count, 0u);
  EXPECT_EQ(why(0x100000000), "0x100000000 is not an address the CPU can form in its present mode");
}

TEST_F(PageWalk, FourLevels) {
  use_64(0x1000);
  put(0x1000, 256, 0x2000 | all);
  put(0x2000, 1, 0x3000 | all);
  put(0x3000, 2, 0x4000 | all);
  put(0x4000, 3, 0x123000 | all);
  const auto result = walk(0xffff800040403abc);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->address, Gpa{0x123abc});
  EXPECT_EQ(result->page_size, 4096u);
  EXPECT_EQ(result->rights, paging::Rights{});
  EXPECT_THAT(result->entries(), ElementsAre(Gpa{0x1800}, Gpa{0x2008}, Gpa{0x3010}, Gpa{0x4018}));
}

TEST_F(PageWalk, LargePages) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x2000, 1, 0x40000000 | 0x1000 | large | all);  // bit 12 is PAT there, no address
  put(0x2000, 0, 0x3000 | all);
  put(0x3000, 5, 0x600000 | large | all);
  ASSERT_TRUE(walk(0x40000000 + 0x12345678));
  EXPECT_EQ(walk(0x40000000 + 0x12345678)->address, Gpa{0x40000000 + 0x12345678});
  EXPECT_EQ(walk(0x40000000)->page_size, std::uint64_t{1} << 30);
  ASSERT_TRUE(walk(0xa12345));
  EXPECT_EQ(walk(0xa12345)->address, Gpa{0x612345});
  EXPECT_EQ(walk(0xa12345)->page_size, std::uint64_t{2} << 20);
}

TEST_F(PageWalk, FiveLevels) {
  use_64(0x1000, true);
  put(0x1000, 1, 0x2000 | all);
  put(0x2000, 1, 0x3000 | all);
  put(0x3000, 0, 0x4000 | all);
  put(0x4000, 0, 0x200000 | large | all);
  const auto result = walk(0x0001008000000010);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->address, Gpa{0x200010});
  EXPECT_EQ(result->entry_count, 4u);
  EXPECT_EQ(why(0x0000000000000010), "0x10 is not mapped: PML5 entry at 0x1000 is not present");
  EXPECT_EQ(why(0x0100000000000000), "0x100000000000000 is not an address the CPU can form in its present mode");
  EXPECT_EQ(why(0xff00000000000000), "0xff00000000000000 is not mapped: PML5 entry at 0x1800 is not present");
}

TEST_F(PageWalk, RightsAreThoseOfAllLevels) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | present | writable | user);
  put(0x2000, 0, 0x3000 | present | user);
  put(0x3000, 0, 0x200000 | large | present | writable | nx);
  const auto result = walk(0);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->rights, (paging::Rights{.writable = false, .user = false, .executable = false}));
  system.efer &= ~x86::efer::nxe;
  EXPECT_TRUE(walk(0)->rights.executable);
}

TEST_F(PageWalk, Pae) {
  use_pae(0x1020);  // 32-byte aligned
  put(0x1020, 3, 0x2000 | present);
  put(0x2000, 511, 0x3000 | all);
  put(0x3000, 511, 0x5000 | all | nx);
  const auto result = walk(0xfffff123);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->address, Gpa{0x5123});
  EXPECT_EQ(result->rights, (paging::Rights{.writable = true, .user = true, .executable = false}));
  put(0x2000, 510, 0x400000 | large | all);
  EXPECT_EQ(walk(0xffc00042)->address, Gpa{0x400042});
  EXPECT_EQ(walk(0xffc00042)->page_size, std::uint64_t{2} << 20);
  EXPECT_EQ(why(0), "0x0 is not mapped: PDPT entry at 0x1020 is not present");
}

TEST_F(PageWalk, ThirtyTwoBits) {
  use_32(0x1000, true);
  put32(0x1000, 0x300, 0x2000 | all);
  put32(0x2000, 0x3ff, 0x7000 | present);
  const auto result = walk(0xc03ff234);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->address, Gpa{0x7234});
  EXPECT_EQ(result->rights, (paging::Rights{.writable = false, .user = false, .executable = true}));
  EXPECT_THAT(result->entries(), ElementsAre(Gpa{0x1c00}, Gpa{0x2ffc}));
  EXPECT_EQ(why(0xc03fe000), "0xc03fe000 is not mapped: PT entry at 0x2ff8 is not present");
}

TEST_F(PageWalk, FourMegabytePagesAndPse36) {
  use_32(0x1000, true);
  put32(0x1000, 1, 0x00800000 | large | all);
  EXPECT_EQ(walk(0x412345)->address, Gpa{0x812345});
  EXPECT_EQ(walk(0x412345)->page_size, std::uint64_t{4} << 20);
  put32(0x1000, 2, 0x00800000 | 0x3 << 13 | large | all);
  EXPECT_EQ(walk(0x800000)->address, Gpa{0x300800000});
  use_32(0x1000, false);  // without CR4.PSE bit 7 means nothing
  put32(0x1000, 1, 0x2000 | large | all);
  EXPECT_EQ(why(0x400000), "0x400000 is not mapped: PT entry at 0x2000 is not present");
}

TEST_F(PageWalk, TablesOutsideRamAreNamed) {
  use_64(0xffff000000);
  EXPECT_EQ(why(0x1000), "0x1000 is not mapped: its PML4, at 0xffff000000, lies outside RAM");
  use_64(0x1000);
  put(0x1000, 0, 0x7ffffffff000 | all);
  EXPECT_EQ(why(0x1000), "0x1000 is not mapped: its PDPT, at 0x7ffffffff000, lies outside RAM");
}

TEST_F(PageWalk, NonCanonicalAddressesAreNotAddresses) {
  use_64(0x1000);
  EXPECT_EQ(why(0x800000000000), "0x800000000000 is not an address the CPU can form in its present mode");
  EXPECT_EQ(why(0xffff7fffffffffff), "0xffff7fffffffffff is not an address the CPU can form in its present mode");
}

TEST_F(PageWalk, RandomTablesNeverLeaveRam) {
  std::mt19937_64 random(7);
  for (std::uint64_t at = 0; at < 0x10000; at += 8)
    put(at, 0, random() % 3 ? (random() % 0x12000) | present : random());
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t root = random() % 0x11000;
    const auto mode = random() % 4;
    if (mode == 0) use_32(root, random() % 2);
    if (mode == 1) use_pae(root);
    if (mode >= 2) use_64(root, mode == 3);
    const auto result = walk(random());
    if (!result) {
      EXPECT_FALSE(describe(result.error()).empty());
    }
  }
}

}  // namespace
}  // namespace gdbvm
