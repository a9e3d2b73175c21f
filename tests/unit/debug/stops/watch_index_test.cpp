// Intervals, overlapping or not, and which of them an access touches.
#include "vmm/debug/stops/watch_index.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using gdbstub::WatchKind;
using enum WatchedAccess::Direction;

class Index {
 public:
  Index& with(std::uint64_t start, std::uint64_t size, WatchKind kind = WatchKind::Write) {
    index_.add({{start}, size, WatchedRange::For::Writes}, kind, count_++);
    return *this;
  }
  std::optional<std::size_t> at(std::uint64_t start, std::uint64_t size, WatchedAccess::Direction direction = Write) {
    index_.finish();
    return index_.find({{start}, size, direction});
  }

 private:
  WatchIndex index_;
  std::size_t count_ = 0;
};

TEST(WatchIndex, FindsTheRangeThatAnAccessTouches) {
  Index index;
  for (std::uint64_t i = 100; i-- > 0;) index.with(0x1000 + 16 * i, 4);
  EXPECT_EQ(index.at(0x1000 + 16 * 7 + 3, 1), 92u);
  EXPECT_EQ(index.at(0x1000 + 16 * 7 + 4, 8), std::nullopt);
  EXPECT_EQ(index.at(0x1000 + 16 * 7 + 12, 8), 91u);  // straddles the beginning of the next
  EXPECT_EQ(index.at(0xfff, 1), std::nullopt);
  EXPECT_EQ(index.at(0x2000, 8), std::nullopt);
}

TEST(WatchIndex, ALongRangeBeforeShortOnesIsFound) {
  EXPECT_EQ(Index().with(0x1000, 0x1000).with(0x1004, 4).with(0x1100, 4).at(0x1800, 1), 0u);
}

TEST(WatchIndex, OfSeveralTheFirstOneThatWasSetIsHit) {
  EXPECT_EQ(Index().with(0x1004, 4).with(0x1000, 8).at(0x1000, 8), 0u);
  EXPECT_EQ(Index().with(0x1000, 8).with(0x1004, 4).at(0x1000, 8), 0u);
}

TEST(WatchIndex, OnlyAKindThatReportsTheAccessIsHit) {
  Index index;
  index.with(0x1000, 4, WatchKind::Write).with(0x1000, 4, WatchKind::Read).with(0x2000, 4, WatchKind::Access);
  EXPECT_EQ(index.at(0x1000, 4, Read), 1u);
  EXPECT_EQ(index.at(0x1000, 4, Write), 0u);
  EXPECT_EQ(index.at(0x2000, 4, Read), 2u);
}

}  // namespace
}  // namespace gdbvm
