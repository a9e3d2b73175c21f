// A map of blocks: its copies stay as they were, and what differs between two is found.
#include "vmm/devices/block_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace gdbvm {
namespace {

std::shared_ptr<const DiskBlock> block_of(std::uint8_t value) {
  auto block = std::make_shared<DiskBlock>();
  block->fill(value);
  return block;
}

int value(const DiskBlock* block) { return block ? (*block)[0] : -1; }

using Difference = std::tuple<std::uint64_t, int, int>;
std::vector<Difference> differences(const BlockMap& here, const BlockMap& there) {
  std::vector<Difference> all;
  here.differences(there, [&](std::uint64_t number, const DiskBlock* one, const DiskBlock* other) {
    all.emplace_back(number, value(one), value(other));
  });
  return all;
}

TEST(BlockMap, HasWhatWasSetInMapsOfAnySize) {
  for (const std::uint64_t blocks :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{32}, std::uint64_t{33}, std::uint64_t{1} << 40}) {
    BlockMap map(blocks);
    EXPECT_TRUE(map.empty());
    EXPECT_EQ(map.find(blocks - 1), nullptr);
    map.set(blocks - 1, block_of(1));
    map.set(0, block_of(2));
    map.set(blocks / 2, block_of(3));
    EXPECT_FALSE(map.empty());
    EXPECT_EQ(value(map.find(blocks / 2)), 3) << blocks;
    EXPECT_EQ(value(map.find(blocks - 1)), blocks <= 2 ? 3 : 1) << blocks;
    EXPECT_EQ(value(map.find(0)), blocks == 1 ? 3 : 2) << blocks;
  }
}

TEST(BlockMap, ACopyStaysAsItWas) {
  BlockMap map(100);
  map.set(7, block_of(1));
  const BlockMap copy = map;
  map.set(7, block_of(2));
  map.set(99, block_of(3));
  EXPECT_EQ(value(copy.find(7)), 1);
  EXPECT_EQ(value(copy.find(99)), -1);
  map.clear();
  EXPECT_EQ(value(map.find(7)), -1);
  EXPECT_EQ(value(copy.find(7)), 1);
}

TEST(BlockMap, WhatDiffersIsFoundInItsOrder) {
  BlockMap map(5000);
  for (std::uint64_t i = 0; i < 5000; i += 2) map.set(i, block_of(1));
  BlockMap other = map;
  EXPECT_TRUE(differences(map, other).empty());
  map.set(4998, block_of(2));
  map.set(33, block_of(3));
  other.set(40, block_of(4));
  EXPECT_THAT(differences(map, other),
              testing::ElementsAre(Difference{33, 3, -1}, Difference{40, 1, 4}, Difference{4998, 2, 1}));
  EXPECT_EQ(differences(map, BlockMap(5000)).size(), 2501u);
}

}  // namespace
}  // namespace gdbvm
