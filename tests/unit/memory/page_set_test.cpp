// A set of page numbers.
#include "vmm/memory/page_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm {
namespace {

std::vector<std::uint64_t> numbers(const PageSet& set) {
  std::vector<std::uint64_t> all;
  set.each([&](std::uint64_t page) { all.push_back(page); });
  return all;
}

TEST(PageSet, HoldsWhatWasInserted) {
  PageSet set(200);
  for (const std::uint64_t page : {199, 0, 63, 64, 0}) set.insert(page);
  EXPECT_THAT(numbers(set), testing::ElementsAre(0, 63, 64, 199));
  EXPECT_TRUE(set.contains(63));
  EXPECT_FALSE(set.contains(62));
  set.clear();
  EXPECT_THAT(numbers(set), testing::IsEmpty());
  EXPECT_FALSE(set.contains(63));
}

TEST(PageSet, AllOfThemAreNoMoreThanThereAre) {
  for (const std::uint64_t pages : {1, 64, 65, 200}) {
    PageSet set(pages);
    EXPECT_FALSE(set.is_all());
    set.insert_all();
    EXPECT_TRUE(set.is_all());
    EXPECT_EQ(numbers(set).size(), pages);
    EXPECT_EQ(numbers(set).back(), pages - 1);
    set.clear();
    EXPECT_FALSE(set.is_all());
  }
}

}  // namespace
}  // namespace gdbvm
