// Splitting RAM into slots, and a VM that refuses what KVM refuses.
#include "vmm/machine/slot_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <stdexcept>

namespace gdbvm {
namespace {

using ::testing::ElementsAre;

// Holds slots and throws where KVM says EINVAL or EEXIST.
class FakeVm final : public Vm {
 public:
  explicit FakeVm(unsigned max) : max_(max) {}
  void set_slot(const MemorySlot& slot) override {
    ++calls;
    if (slot.id.value >= max_ || slots.contains(slot.id)) throw std::logic_error("slot id");
    if (slot.size == 0 || slot.size % page_size || slot.start.page_offset()) throw std::logic_error("slot alignment");
    for (const auto& [id, other] : slots)
      if (slot.start < other.start + other.size && other.start < slot.start + slot.size)
        throw std::logic_error("slots overlap");
    slots[slot.id] = slot;
  }
  std::uint64_t clock() const override { return 0; }
  void set_clock(std::uint64_t) override {}
  void drop_translations() override {}
  void take_dirty_pages(const MemorySlot&, std::span<std::uint64_t>) override { throw std::logic_error("not tracked"); }
  void remove_slot(SlotId id) override {
    ++calls;
    if (slots.erase(id) != 1) throw std::logic_error("no such slot");
  }
  unsigned max_slots() const override { return max_; }
  std::unique_ptr<BareVcpu> create_vcpu(VcpuIndex) override { return nullptr; }

  // What the guest finds at an address: 0 nothing, 1 read-only, 2 RAM at the right place.
  int access(const GuestMemory& memory, Gpa at) const {
    for (const auto& [id, slot] : slots) {
      if (at < slot.start || at - slot.start >= slot.size) continue;
      EXPECT_EQ(slot.host + (at - slot.start), memory.at(at, 1));
      return slot.read_only ? 1 : 2;
    }
    return 0;
  }

  std::map<SlotId, MemorySlot> slots;
  int calls = 0;

 private:
  unsigned max_;
};

constexpr std::uint64_t page = page_size;

struct SlotTableTest : ::testing::Test {
  GuestMemory memory{16 * page};
  FakeVm vm{8};
  SlotTable table{memory, 8};
  void protect(std::vector<ProtectedRange> ranges) {
    ASSERT_TRUE(table.protect(ranges));
    table.apply(vm);
  }
};

TEST_F(SlotTableTest, WholeRamIsOneSlot) {
  table.apply(vm);
  ASSERT_EQ(vm.slots.size(), 1u);
  EXPECT_EQ(vm.slots.begin()->second, (MemorySlot{{0}, {0}, 16 * page, memory.at({0}, 1)}));
  table.apply(vm);
  EXPECT_EQ(vm.calls, 1) << "nothing changed, nothing is sent";
}

TEST_F(SlotTableTest, AnUnalignedRangeIsWidenedToPages) {
  protect({{{2 * page + 100}, page, PageAccess::ReadOnly}});
  EXPECT_EQ(vm.slots.size(), 3u);
  EXPECT_EQ(vm.access(memory, {2 * page - 1}), 2);
  EXPECT_EQ(vm.access(memory, {2 * page}), 1);
  EXPECT_EQ(vm.access(memory, {4 * page - 1}), 1);
  EXPECT_EQ(vm.access(memory, {4 * page}), 2);
}

TEST_F(SlotTableTest, StricterOfTwoHolds) {
  protect({{{2 * page}, 3 * page, PageAccess::ReadOnly}, {{3 * page}, 1, PageAccess::Absent}});
  EXPECT_EQ(vm.access(memory, {2 * page}), 1);
  EXPECT_EQ(vm.access(memory, {3 * page}), 0);
  EXPECT_EQ(vm.access(memory, {4 * page}), 1);
}

TEST_F(SlotTableTest, AdjoiningProtectionsShareASlot) {
  protect({{{2 * page}, 1, PageAccess::ReadOnly},
           {{3 * page}, 1, PageAccess::ReadOnly},
           {{2 * page}, 8, PageAccess::ReadOnly}});
  EXPECT_EQ(vm.slots.size(), 3u);
}

TEST_F(SlotTableTest, LiftingAllGivesTheWholeBackAndRecyclesIds) {
  for (int i = 0; i < 20; ++i) {
    protect({{{4 * page}, 1, PageAccess::ReadOnly}, {{8 * page}, 1, PageAccess::Absent}});
    protect({});
    EXPECT_EQ(vm.slots.size(), 1u);
  }
}

TEST_F(SlotTableTest, TooManyPiecesAreRefusedAndNothingChanges) {
  std::vector<ProtectedRange> ranges;
  for (std::uint64_t i = 1; i < 9; i += 2) ranges.push_back({{i * page}, 1, PageAccess::ReadOnly});
  EXPECT_FALSE(table.protect(ranges));  // nine pieces
  table.apply(vm);
  EXPECT_EQ(vm.slots.size(), 1u);
  ranges.pop_back();
  EXPECT_TRUE(table.protect(ranges));
}

TEST_F(SlotTableTest, RangesBeyondRamAndBeyondTheWorldAreHarmless) {
  protect({{{100 * page}, page, PageAccess::ReadOnly},
           {{~std::uint64_t{0} - 5}, 100, PageAccess::Absent},
           {{15 * page}, ~std::uint64_t{0}, PageAccess::ReadOnly},
           {{3 * page}, 0, PageAccess::Absent}});
  EXPECT_EQ(vm.slots.size(), 2u);
  EXPECT_EQ(vm.access(memory, {15 * page}), 1);
  EXPECT_EQ(vm.access(memory, {3 * page}), 2);
}

TEST_F(SlotTableTest, RomStaysReadOnly) {
  GuestMemory rom(2 * page);
  table.add_rom({0xffff0000}, 2 * page, rom.at({0}, 1));
  table.apply(vm);
  ASSERT_EQ(vm.slots.size(), 2u);
  EXPECT_TRUE(vm.slots.at({1}).read_only);
  ASSERT_EQ(table.roms().size(), 1u);
  protect({{{0xffff0000}, 1, PageAccess::Absent}});
  EXPECT_EQ(vm.slots.size(), 2u);
  protect({{{0xffff0000}, 1, PageAccess::ReadOnly}});
  EXPECT_EQ(vm.slots.size(), 2u);
}

TEST(SlotDifference, UnchangedSlotsKeepTheirIds) {
  std::byte ram[1];
  const std::vector<MemorySlot> present{{{0}, {0}, page, ram}, {{2}, {2 * page}, page, ram}};
  const std::vector<SlotPiece> wanted{
      {{2 * page}, page, ram, false}, {{4 * page}, page, ram, true}, {{6 * page}, page, ram, true}};
  const SlotChange change = difference(present, wanted);
  EXPECT_THAT(change.remove, ElementsAre(SlotId{0}));
  ASSERT_EQ(change.set.size(), 2u);
  EXPECT_EQ(change.set[0].id, SlotId{0});
  EXPECT_EQ(change.set[1].id, SlotId{1});
}

// Any sequence of protections leaves the guest with exactly the requested access.
TEST(SlotTableRandom, AccessIsWhatWasAskedFor) {
  GuestMemory memory(64 * page);
  FakeVm vm(200);
  SlotTable table(memory, 200);
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<ProtectedRange> ranges(random() % 10);
    std::vector<int> expected(64, 2);
    for (auto& range : ranges) {
      range = {{random() % (64 * page)},
               1 + random() % (5 * page),
               random() % 2 ? PageAccess::ReadOnly : PageAccess::Absent};
      const std::uint64_t last = std::min((range.start.value + range.size - 1) / page, std::uint64_t{63});
      for (std::uint64_t p = range.start.value / page; p <= last; ++p)
        expected[p] = std::min(expected[p], range.access == PageAccess::Absent ? 0 : 1);
    }
    ASSERT_TRUE(table.protect(ranges));
    ASSERT_NO_THROW(table.apply(vm));
    for (std::uint64_t p = 0; p < 64; ++p) ASSERT_EQ(vm.access(memory, {p * page}), expected[p]) << "page " << p;
  }
}

}  // namespace
}  // namespace gdbvm
