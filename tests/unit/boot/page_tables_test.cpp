// Page tables as the CPU would walk them.
#include "vmm/boot/page_tables.h"

#include <gtest/gtest.h>

#include "vmm/memory/guest_memory.h"
#include "vmm/memory/page_walk.h"

namespace gdbvm::boot {
namespace {

constexpr Gpa base{0x100000};

class PageTablesTest : public testing::Test {
 protected:
  PageTablesTest() {
    system_.cr0 = x86::cr0::pe | x86::cr0::pg;
    system_.cr3 = base.value;
    system_.cr4 = x86::cr4::pae;
    system_.efer = x86::efer::lme | x86::efer::lma;
    system_.cs.l = 1;
  }
  std::optional<Translation> walk(std::uint64_t linear) {
    EXPECT_TRUE(memory_.write(base, tables_.bytes(base)));
    const auto found = translate(memory_, system_, Gva{linear});
    return found ? std::optional(*found) : std::nullopt;
  }
  std::uint64_t physical(std::uint64_t linear) { return walk(linear).value().address.value; }

  PageTables tables_{100};
  GuestMemory memory_{4 << 20};
  x86::SystemRegisters system_;
};

TEST_F(PageTablesTest, NothingIsMappedAtFirst) {
  EXPECT_FALSE(walk(0));
  EXPECT_EQ(tables_.size(), 4096u);
}

TEST_F(PageTablesTest, LargePagesWhereTheyFit) {
  ASSERT_TRUE(tables_.map({0x1ff000}, {0x1ff000}, 0x402000));
  EXPECT_FALSE(walk(0x1fefff));
  EXPECT_EQ(walk(0x1ff123)->page_size, 0x1000u);
  EXPECT_EQ(walk(0x200123)->page_size, 0x200000u);
  EXPECT_EQ(walk(0x5fffff)->page_size, 0x200000u);
  EXPECT_EQ(walk(0x600000)->page_size, 0x1000u);
  EXPECT_FALSE(walk(0x601000));
  EXPECT_EQ(physical(0x5abcde), 0x5abcdeu);
}

TEST_F(PageTablesTest, SmallPagesWhereTheSidesAreAligedDifferently) {
  ASSERT_TRUE(tables_.map({0x400000}, {0x101000}, 0x200000));
  EXPECT_EQ(walk(0x400000)->page_size, 0x1000u);
  EXPECT_EQ(physical(0x5fffff), 0x300fffu);
}

TEST_F(PageTablesTest, ASmallPageSplitsALargeOne) {
  ASSERT_TRUE(tables_.map({0}, {0}, 0x400000));
  ASSERT_TRUE(tables_.map({0x3000}, {0x222000}, 0x1000));
  EXPECT_EQ(physical(0x2fff), 0x2fffu);
  EXPECT_EQ(physical(0x3123), 0x222123u);
  EXPECT_EQ(physical(0x4000), 0x4000u);
  EXPECT_EQ(physical(0x1fffff), 0x1fffffu);
  EXPECT_EQ(walk(0x200000)->page_size, 0x200000u);
}

TEST_F(PageTablesTest, ALargePageReplacesSmallOnes) {
  ASSERT_TRUE(tables_.map({0x1000}, {0x1000}, 0x1000));
  ASSERT_TRUE(tables_.map({0}, {0x200000}, 0x200000));
  EXPECT_EQ(physical(0x1000), 0x201000u);
}

TEST_F(PageTablesTest, TheWholeWidth) {
  ASSERT_TRUE(tables_.map({0xfffffffffffff000}, {0x5000}, 0x1000));
  ASSERT_TRUE(tables_.map({0x00007ffffffff000}, {0x6000}, 0x1000));
  ASSERT_TRUE(tables_.map({0}, {0x000ffffffffff000}, 0x1000));
  EXPECT_EQ(physical(0xffffffffffffffff), 0x5fffu);
  EXPECT_EQ(physical(0x00007fffffffffff), 0x6fffu);
  EXPECT_EQ(physical(0), 0x000ffffffffff000u);
}

TEST_F(PageTablesTest, FullIsFull) {
  PageTables small(4);
  EXPECT_TRUE(small.map({0}, {0}, 0x1000));
  EXPECT_TRUE(small.map({0x1000}, {0}, 0x1000));
  EXPECT_FALSE(small.map({0x200000}, {0}, 0x1000));
  EXPECT_EQ(small.size(), 4 * 4096u);
}

}  // namespace
}  // namespace gdbvm::boot
