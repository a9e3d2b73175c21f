// Which pages of RAM were written: by the guest, whatever slots it has meanwhile, and by others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/support/fake/fake_vm.h"
#include "vmm/machine/slot_table.h"
#include "vmm/memory/page_set.h"

namespace gdbvm {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t page = page_size;

class SlotTableWrites : public ::testing::Test {
 protected:
  SlotTableWrites() { table.apply(vm); }
  void protect(std::vector<ProtectedRange> ranges) {
    ASSERT_TRUE(table.protect(ranges));
    table.apply(vm);
  }
  // The numbers of the pages written since the last call.
  std::vector<std::uint64_t> written() {
    table.collect_written(vm);
    std::vector<std::uint64_t> numbers;
    memory.written()->each([&](std::uint64_t number) { numbers.push_back(number); });
    memory.written()->clear();
    return numbers;
  }

  GuestMemory memory{100 * page};
  FakeVm vm;
  SlotTable table{memory, 64};
};

TEST_F(SlotTableWrites, NothingIsTrackedUntilAskedFor) {
  EXPECT_FALSE(vm.slots.at({0}).tracked);
  EXPECT_EQ(memory.written(), nullptr);
  memory.write({0}, std::array<std::uint8_t, 1>{1});
  table.track_writes(vm, true);
  EXPECT_TRUE(vm.slots.at({0}).tracked);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(SlotTableWrites, TheGuestsAndOthers) {
  table.track_writes(vm, true);
  vm.write({70 * page + 5}, 1);
  vm.write({3 * page}, 1);
  memory.write({5 * page - 1}, std::array<std::uint8_t, 2>{1, 2});
  EXPECT_THAT(written(), ElementsAre(3, 4, 5, 70));
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(SlotTableWrites, NothingIsForgottenWhenSlotsAreCut) {
  table.track_writes(vm, true);
  vm.write({2 * page}, 1);
  vm.write({99 * page}, 1);
  protect({{{2 * page}, page, PageAccess::ReadOnly}, {{50 * page}, page, PageAccess::Absent}});
  EXPECT_FALSE(vm.write({2 * page}, 1));
  EXPECT_FALSE(vm.slots.at({1}).tracked) << "what leaves the guest is written by others";
  vm.write({51 * page}, 1);
  vm.write({98 * page}, 1);
  protect({});
  vm.write({50 * page}, 1);
  EXPECT_THAT(written(), ElementsAre(2, 50, 51, 98, 99));
}

TEST_F(SlotTableWrites, RomIsNot) {
  GuestMemory rom(page);
  table.add_rom({0xffff0000}, page, rom.at({0}, 1));
  table.apply(vm);
  table.track_writes(vm, true);
  EXPECT_FALSE(vm.slots.at({1}).tracked);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(SlotTableWrites, TrackingEndsAndBeginsAnew) {
  table.track_writes(vm, true);
  vm.write({0}, 1);
  table.track_writes(vm, false);
  EXPECT_FALSE(vm.slots.at({0}).tracked);
  EXPECT_EQ(memory.written(), nullptr);
  table.collect_written(vm);
  protect({{{2 * page}, page, PageAccess::Absent}});
  EXPECT_FALSE(vm.slots.at({1}).tracked);
  vm.write({0}, 1);
  table.track_writes(vm, true);
  vm.write({3 * page}, 1);
  EXPECT_THAT(written(), testing::Contains(3));
  memory.write({page}, std::array<std::uint8_t, 1>{1});
  table.track_writes(vm, true);
  EXPECT_THAT(written(), ElementsAre(1)) << "it has begun already";
}

// RAM beyond the hole has the numbers after those below it.
TEST(SlotTableWritesAboveTheHole, AreNumberedWithoutIt) {
  GuestMemory memory(ram_hole_start.value + 2 * page);
  FakeVm vm;
  SlotTable table(memory, 64);
  table.apply(vm);
  table.track_writes(vm, true);
  vm.write(ram_hole_end + page, 1);
  table.collect_written(vm);
  EXPECT_TRUE(memory.written()->contains(ram_hole_start.value / page + 1));
}

// Whatever slots there are in between, the written pages are those that were written.
TEST_F(SlotTableWrites, RandomWritesAndCuts) {
  table.track_writes(vm, true);
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::set<std::uint64_t> expected;
    for (int cut = 0; cut < 3; ++cut) {
      std::vector<ProtectedRange> ranges(random() % 5);
      for (auto& range : ranges)
        range = {{random() % (100 * page)},
                 1 + random() % (5 * page),
                 random() % 2 ? PageAccess::ReadOnly : PageAccess::Absent};
      protect(ranges);
      for (unsigned i = random() % 10; i > 0; --i) {
        const std::uint64_t number = random() % 100;
        if (vm.write({number * page}, 1)) expected.insert(number);
      }
    }
    ASSERT_THAT(written(), testing::ElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace gdbvm
