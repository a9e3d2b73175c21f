// Every page of an address space in every paging mode, and tables that refer to themselves.
#include "vmm/memory/page_mappings.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/memory/page_tables.h"

namespace gdbvm {
namespace {

struct PageMappingsTest : testing::Test, PageTables {
  struct Page {
    std::uint64_t start, target, size;
    bool operator==(const Page&) const = default;
  };
  std::vector<Page> pages(std::size_t most = 1000) {
    std::vector<Page> found;
    PageWalk walk(memory, system);
    walk.more([&](const PageMapping& page) {
      found.push_back({page.start.value, page.target.value, page.size});
      return found.size() < most;
    });
    passed_over = walk.passed_over();
    return found;
  }
  std::uint64_t passed_over = 0;
  static constexpr std::uint64_t kib4 = 4096, mib2 = 2 << 20, mib4 = 4 << 20, gib = 1 << 30;
};

TEST_F(PageMappingsTest, WithoutPagingThereIsNone) { EXPECT_TRUE(pages().empty()); }

TEST_F(PageMappingsTest, FourLevelsWithPagesOfAllSizes) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  put(0x1000, 511, 0x2000 | all);  // the same tables for the upper half
  put(0x2000, 0, 0x3000 | all);
  put(0x2000, 1, gib | large | all);
  put(0x3000, 1, mib2 | large | present);
  put(0x3000, 2, 0x4000 | all);
  put(0x4000, 3, 0x5000 | all | nx);
  const std::uint64_t upper = 0xffffff8000000000;
  EXPECT_EQ(pages(), (std::vector<Page>{{mib2, mib2, mib2},
                                        {2 * mib2 + 3 * kib4, 0x5000, kib4},
                                        {gib, gib, gib},
                                        {upper + mib2, mib2, mib2},
                                        {upper + 2 * mib2 + 3 * kib4, 0x5000, kib4},
                                        {upper + gib, gib, gib}}));
  EXPECT_EQ(passed_over, 0u);
}

TEST_F(PageMappingsTest, RightsOfAllLevelsAndTheLastEntry) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | present | user);
  put(0x2000, 0, 0x3000 | all);
  put(0x3000, 0, large | all | nx);
  PageWalk(memory, system).more([](const PageMapping& page) {
    EXPECT_EQ(page.rights, (paging::Rights{.writable = false, .user = true, .executable = false}));
    EXPECT_EQ(page.entry, large | all | nx);
    return true;
  });
}

TEST_F(PageMappingsTest, FiveLevels) {
  use_64(0x1000, true);
  put(0x1000, 256, 0x2000 | all);
  put(0x2000, 0, 0x3000 | all);
  put(0x3000, 0, large | all);
  EXPECT_EQ(pages(), (std::vector<Page>{{0xff00000000000000, 0, gib}}));
}

TEST_F(PageMappingsTest, Pae) {
  use_pae(0x1000);
  put(0x1000, 3, 0x2000 | present);
  put(0x2000, 511, mib2 | large | all);
  EXPECT_EQ(pages(), (std::vector<Page>{{0xffe00000, mib2, mib2}}));
}

TEST_F(PageMappingsTest, ThirtyTwoBits) {
  use_32(0x1000, true);
  put32(0x1000, 0, 0x2000 | all);
  put32(0x1000, 1023, mib4 | large | all);
  put32(0x2000, 1, 0x9000 | present);
  EXPECT_EQ(pages(), (std::vector<Page>{{kib4, 0x9000, kib4}, {0xffc00000, mib4, mib4}}));
}

TEST_F(PageMappingsTest, EndsWhenTheVisitorHasSeenEnough) {
  use_64(0x1000);
  put(0x1000, 0, 0x2000 | all);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x2000, i, i << 30 | large | all);
  EXPECT_EQ(pages(3).size(), 3u);
}

// 512^4 pages if each entry were followed.
TEST_F(PageMappingsTest, ATableOfItselfOnlyEnds) {
  use_64(0x1000);
  for (std::uint64_t i = 0; i < 512; ++i) put(0x1000, i, 0x1000 | all);
  EXPECT_EQ(pages(1u << 20).size(), 512u * PageWalk::max_aliases);
  EXPECT_GT(passed_over, 0u);
}

TEST_F(PageMappingsTest, InPiecesAreTheSamePages) {
  use_64(0x1000);
  for (const unsigned i : {0u, 1u, 2u, 3u, 5u, 8u, 13u, 21u, 34u, 300u}) put(0x1000, i, 0x2000 | all);
  put(0x2000, 0, 0x3000 | all);
  put(0x2000, 1, gib | large | all);
  put(0x2000, 2, 0x2000 | all);  // itself
  put(0x3000, 1, mib2 | large | present);
  put(0x3000, 511, 0x4000 | all);
  put(0x4000, 511, 0x5000 | all);
  const auto at_once = pages();
  const auto passed = passed_over;
  ASSERT_GT(passed, 0u);
  PageWalk walk(memory, system);
  std::vector<Page> found;
  unsigned tables = 0, pieces = 1;
  const auto visit = [&](const PageMapping& page) {
    found.push_back({page.start.value, page.target.value, page.size});
    return found.size() % 2 != 0;
  };
  while (!walk.more(visit, [&] { return ++tables % 3 == 0; }) && pieces < 10'000) ++pieces;
  EXPECT_EQ(found, at_once);
  EXPECT_EQ(walk.passed_over(), passed);
  EXPECT_GT(pieces, found.size() / 2);
}

}  // namespace
}  // namespace gdbvm
