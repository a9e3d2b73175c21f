// Room for counted values.
#include "vmm/snapshot/counted_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace gdbvm::snapshot {
namespace {

using Value = std::array<std::uint64_t, 512>;

TEST(CountedPool, ValuesStayWhereTheyAreAndKeepApart) {
  CountedPool<Value> pool;
  std::vector<CountedPool<Value>::Id> ids;
  std::vector<Value*> places;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    ids.push_back(pool.make());
    pool[ids.back()].fill(i);
    places.push_back(&pool[ids.back()]);
  }
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
  EXPECT_FALSE(std::set(ids.begin(), ids.end()).contains(CountedPool<Value>::none));
  for (std::uint64_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(&pool[ids[i]], places[i]);
    EXPECT_EQ(pool[ids[i]].front(), i);
    EXPECT_EQ(pool[ids[i]].back(), i);
  }
  EXPECT_EQ(pool.used(), 2000u);
}

TEST(CountedPool, AValueIsReleasedByTheLastReference) {
  CountedPool<Value> pool;
  const auto id = pool.make();
  EXPECT_FALSE(pool.is_shared(id));
  pool.share(id);
  EXPECT_TRUE(pool.is_shared(id));
  EXPECT_FALSE(pool.release(id));
  EXPECT_FALSE(pool.is_shared(id));
  EXPECT_TRUE(pool.release(id));
  pool.free(id);
  EXPECT_EQ(pool.used(), 0u);
  EXPECT_EQ(pool.make(), id) << "the caches still have it";
  EXPECT_FALSE(pool.is_shared(id));
}

TEST(CountedPool, IsAsNewWhenCleared) {
  CountedPool<Value> pool;
  const auto first = pool.make();
  pool.make();
  pool.clear();
  EXPECT_EQ(pool.used(), 0u);
  EXPECT_EQ(pool.make(), first);
}

}  // namespace
}  // namespace gdbvm::snapshot
