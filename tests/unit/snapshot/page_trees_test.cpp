// Trees of pages against plain maps.
#include "vmm/snapshot/page_trees.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace gdbvm::snapshot {
namespace {

void set(PageTrees& trees, PageTrees::Tree& tree, std::uint64_t number, std::uint32_t value) {
  trees.set(tree, number, [&](Page& page) {
    std::memcpy(page.data(), &value, sizeof value);
    return value != 0;
  });
}
std::uint32_t value_of(const Page* page) {
  std::uint32_t value = 0;
  if (page) std::memcpy(&value, page->data(), sizeof value);
  return value;
}

class PageTreesOf : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  // What a tree contains, and the same beside it.
  struct Both {
    PageTrees::Tree tree = PageTrees::all_zero;
    std::map<std::uint64_t, std::uint32_t> plain;
  };
  void change(Both& both) {
    const std::uint64_t number = random() % 100 * (GetParam() / 100 + 1) % GetParam();
    const std::uint32_t value = random() % 4 ? ++last : 0;
    both.plain[number] = value;
    value == 0 && random() % 2 ? trees.set_zero(both.tree, number) : set(trees, both.tree, number, value);
  }
  void expect_same(const Both& both) {
    for (const auto& [number, value] : both.plain) ASSERT_EQ(value_of(trees.find(both.tree, number)), value) << number;
  }
  void expect_differences(const Both& here, const Both& there) {
    std::map<std::uint64_t, std::uint32_t> found;
    trees.differences(here.tree, there.tree, [&](std::uint64_t number, const Page* page) {
      EXPECT_TRUE(found.empty() || found.rbegin()->first < number);
      found[number] = value_of(page);
    });
    const auto plain = [](const Both& both, std::uint64_t number) {
      const auto at = both.plain.find(number);
      return at == both.plain.end() ? 0 : at->second;
    };
    for (const auto& [number, value] : found) {
      EXPECT_EQ(value, plain(there, number));
      EXPECT_NE(value, plain(here, number));
    }
    for (const auto* side : {&here, &there}) {
      for (const auto& [number, value] : side->plain) {
        EXPECT_EQ(found.contains(number), plain(here, number) != plain(there, number)) << number;
      }
    }
  }

  PageTrees trees{GetParam()};
  std::mt19937 random{1};
  std::uint32_t last = 0;
};

// Copies that are changed, compared and dropped in any order stay what they were, and leave nothing behind.
TEST_P(PageTreesOf, AreLikePlainMaps) {
  std::vector<Both> all(1);
  for (int round = 0; round < 500; ++round) {
    Both& one = all[random() % all.size()];
    for (unsigned i = random() % 5; i > 0; --i) change(one);
    if (random() % 3 == 0) all.push_back({trees.share(one.tree), one.plain});
    const Both& other = all[random() % all.size()];
    expect_differences(all[random() % all.size()], other);
    if (all.size() > 1 && random() % 3 == 0) {
      const auto dropped = all.begin() + static_cast<std::ptrdiff_t>(random() % all.size());
      trees.release(dropped->tree);
      all.erase(dropped);
    }
    expect_same(all[random() % all.size()]);
  }
  for (const Both& each : all) expect_same(each);
  for (const Both& each : all) trees.release(each.tree);
  EXPECT_EQ(trees.pages_kept(), 0u);
  EXPECT_EQ(trees.nodes_kept(), 0u);
}
INSTANTIATE_TEST_SUITE_P(Sizes, PageTreesOf, ::testing::Values(1, 2, 16, 17, 300, std::uint64_t{1} << 28),
                         ::testing::PrintToStringParamName());

TEST(PageTrees, KeepEachPageOnce) {
  PageTrees trees(1000);
  PageTrees::Tree a = PageTrees::all_zero;
  for (std::uint32_t i = 0; i < 1000; ++i) set(trees, a, i, i);
  EXPECT_EQ(trees.pages_kept(), 999u) << "the first is of zeros";
  PageTrees::Tree b = trees.share(a);
  set(trees, b, 5, 7);
  EXPECT_EQ(trees.pages_kept(), 1000u);
  trees.release(a);
  EXPECT_EQ(trees.pages_kept(), 999u);
  trees.release(b);
  EXPECT_EQ(trees.pages_kept(), 0u);
}

TEST(PageTrees, ATreeThatIsNotSharedIsChangedInPlace) {
  PageTrees trees(1000);
  PageTrees::Tree tree = PageTrees::all_zero;
  set(trees, tree, 5, 1);
  const auto before = tree;
  const std::size_t nodes = trees.nodes_kept();
  set(trees, tree, 5, 2);
  EXPECT_EQ(tree, before);
  EXPECT_EQ(trees.nodes_kept(), nodes);
  trees.release(tree);
}

}  // namespace
}  // namespace gdbvm::snapshot
