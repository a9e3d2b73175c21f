// Images of RAM against plain copies of it.
#include "vmm/snapshot/ram_snapshots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <optional>
#include <random>

#include "tests/support/fake/fake_vm.h"
#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/memory/page_set.h"
#include "vmm/memory/used_pages.h"

namespace gdbvm::snapshot {
namespace {

constexpr std::uint64_t page = page_size;

class RamSnapshotsTest : public ::testing::Test {
 protected:
  explicit RamSnapshotsTest(std::uint64_t size = 300 * page) : memory(size) { slots.apply(vm); }

  void write(std::uint64_t at, std::uint8_t value) { memory.write({at}, {&value, 1}); }
  std::uint8_t raw(std::uint64_t at) const { return static_cast<std::uint8_t>(*memory.at({at}, 1)); }
  // All of RAM, as the guest sees it.
  std::vector<std::uint8_t> contents() const {
    std::vector<std::uint8_t> bytes(memory.size());
    memory.read_own({0}, bytes);
    return bytes;
  }

  GuestMemory memory;
  FakeVm vm;
  SlotTable slots{memory, 64};
  RamSnapshots snapshots{memory, slots, vm};
};

TEST_F(RamSnapshotsTest, BringsBackWhatTheGuestAndOthersChanged) {
  write(5, 1);
  const RamImage image = snapshots.take();
  write(5, 2);
  vm.write({7 * page}, 3);
  snapshots.put_back(image);
  EXPECT_EQ(raw(5), 1);
  EXPECT_EQ(raw(7 * page), 0);
}

TEST_F(RamSnapshotsTest, ImagesFormATree) {
  const RamImage a = snapshots.take();
  vm.write({0}, 1);
  const RamImage b = snapshots.take();
  snapshots.put_back(a);
  vm.write({page}, 2);
  const RamImage c = snapshots.take();
  snapshots.put_back(b);
  EXPECT_EQ(raw(0), 1);
  EXPECT_EQ(raw(page), 0);
  snapshots.put_back(c);
  EXPECT_EQ(raw(0), 0);
  EXPECT_EQ(raw(page), 2);
  EXPECT_NE(b, c);
  const RamImage same = b;
  EXPECT_EQ(same, b);
}

TEST_F(RamSnapshotsTest, TellsWhichPagesWereWrittenBetweenTwo) {
  write(5, 1);
  const RamImage one = snapshots.take();
  write(7 * page, 1);
  write(5, 1);
  const RamImage other = snapshots.take();
  EXPECT_TRUE(snapshots.untouched(one, other, std::array<std::uint64_t, 2>{1, 6}));
  EXPECT_FALSE(snapshots.untouched(one, other, std::array<std::uint64_t, 2>{1, 7}));
  EXPECT_FALSE(snapshots.untouched(one, other, std::array<std::uint64_t, 1>{0})) << "by what was there already";
}

TEST_F(RamSnapshotsTest, OnlyWhatDiffersIsWritten) {
  const RamImage a = snapshots.take();
  vm.write({0}, 1);
  const RamImage b = snapshots.take();
  *memory.page(9) = std::byte{1};  // as nobody does: it would be put back with its page
  snapshots.put_back(a);
  snapshots.put_back(b);
  EXPECT_EQ(raw(9 * page), 1);
  EXPECT_EQ(raw(0), 1);
}

TEST_F(RamSnapshotsTest, WhatTheHostMadeOfPageTablesIsDroppedWithThem) {
  const RamImage a = snapshots.take();
  snapshots.put_back(a);
  EXPECT_EQ(vm.translations_dropped, 0u) << "nothing was put back";
  vm.write({0}, 1);
  const RamImage b = snapshots.take();
  EXPECT_EQ(vm.translations_dropped, 0u);
  snapshots.put_back(a);
  EXPECT_EQ(vm.translations_dropped, 1u) << "a page that differs";
  vm.write({0}, 1);
  snapshots.put_back(a);
  EXPECT_EQ(vm.translations_dropped, 2u) << "a page that was written";
}

TEST_F(RamSnapshotsTest, TlbsAreFlushedAlsoIfTheGuestHasOnlyRead) {
  const RamImage a = snapshots.take();
  vm.write({0}, 1);
  const RamImage b = snapshots.take();
  const unsigned before = vm.logs_begun;
  snapshots.put_back(b);
  EXPECT_EQ(vm.logs_begun, before) << "nothing was put back";
  snapshots.put_back(a);
  EXPECT_EQ(vm.logs_begun, before + 1);
  vm.write({0}, 2);
  snapshots.put_back(a);
  EXPECT_EQ(vm.logs_begun, before + 1) << "KVM flushes what it protects again";
  vm.write({page}, 1);
  snapshots.put_back(a);
  EXPECT_EQ(raw(page), 0) << "writes are still tracked";
}

TEST_F(RamSnapshotsTest, PuttingBackIsNotAWrite) {
  const RamImage a = snapshots.take();
  vm.write({0}, 1);
  snapshots.put_back(a);
  slots.collect_written(vm);
  memory.written()->each([](std::uint64_t number) { ADD_FAILURE() << number; });
}

TEST_F(RamSnapshotsTest, WritesBeforeTheFirstImageAreInIt) {
  vm.write({3 * page}, 1);
  std::optional<RamImage> image = snapshots.take();
  vm.write({3 * page}, 2);
  image.reset();
  vm.write({4 * page}, 3);
  image = snapshots.take();
  vm.write({3 * page}, 4);
  vm.write({4 * page}, 5);
  snapshots.put_back(*image);
  EXPECT_EQ(raw(3 * page), 2);
  EXPECT_EQ(raw(4 * page), 3);
}

TEST_F(RamSnapshotsTest, RestsOnlyWithoutImages) {
  std::optional<RamImage> image = snapshots.take();
  std::optional<RamImage> copy = image;
  image.reset();
  snapshots.rest();
  EXPECT_TRUE(vm.slots.at({0}).tracked);
  vm.write({0}, 1);
  snapshots.put_back(*copy);
  EXPECT_EQ(raw(0), 0);
  copy.reset();
  snapshots.rest();
  EXPECT_FALSE(vm.slots.at({0}).tracked);
  EXPECT_EQ(memory.written(), nullptr);
}

TEST_F(RamSnapshotsTest, AnImageOutlivesWhatTookIt) {
  std::optional<RamSnapshots> others(std::in_place, memory, slots, vm);
  const RamImage image = others->take();
  EXPECT_THROW(snapshots.put_back(image), std::logic_error);
  others.reset();
}

TEST_F(RamSnapshotsTest, BringsBackWhatWasThereBeforeAReset) {
  write(5, 1);
  const RamImage before = snapshots.take();
  memory.clear();
  write(page, 2);
  const RamImage after = snapshots.take();
  snapshots.put_back(before);
  EXPECT_EQ(raw(5), 1);
  EXPECT_EQ(raw(page), 0);
  snapshots.put_back(after);
  EXPECT_EQ(raw(5), 0);
  EXPECT_EQ(raw(page), 2);
  memory.clear();
  snapshots.put_back(before);
  EXPECT_EQ(raw(5), 1);
}

TEST_F(RamSnapshotsTest, PlantedBytesAreInNoImageAndStay) {
  SoftwareBreakpoints planted(memory);
  write(0x1001, 0x90);
  planted.plant({0x1001});
  const RamImage image = snapshots.take();
  write(0x1000, 7);  // the page is to be put back
  planted.write({0x1001}, {{0x91}});
  snapshots.put_back(image);
  EXPECT_EQ(raw(0x1000), 0);
  EXPECT_EQ(raw(0x1001), 0xcc) << "still planted";
  EXPECT_EQ(contents()[0x1001], 0x90);
  planted.lift({0x1001});
  EXPECT_EQ(raw(0x1001), 0x90);
  write(0x1000, 7);
  snapshots.put_back(image);
  EXPECT_EQ(raw(0x1001), 0x90);
}

TEST_F(RamSnapshotsTest, PlantingIsNotAWrite) {
  SoftwareBreakpoints planted(memory);
  const RamImage image = snapshots.take();
  planted.plant({0x1001});
  planted.lift({0x1001});
  EXPECT_FALSE(memory.written()->contains(1));
}

TEST(RamSnapshotsOfADisplay, ItsMemoryIsBroughtBackToo) {
  constexpr Gpa display{0xfd000000};
  GuestMemory memory(16 * page, {}, GuestMemory::Range{display, 16 * page});
  FakeVm vm;
  SlotTable slots{memory, 64};
  slots.apply(vm);
  RamSnapshots snapshots{memory, slots, vm};
  const auto pixel = [&](std::uint64_t at) { return *memory.at(display + at, 1); };
  vm.write(display + 5, 1);
  const RamImage image = snapshots.take();
  vm.write(display + 5, 2);
  memory.write(display + 9 * page, std::array<std::uint8_t, 1>{3});
  const RamImage other = snapshots.take();
  snapshots.put_back(image);
  EXPECT_EQ(pixel(5), std::byte{1});
  EXPECT_EQ(pixel(9 * page), std::byte{0});
  snapshots.put_back(other);
  EXPECT_EQ(pixel(5), std::byte{2});
  EXPECT_EQ(pixel(9 * page), std::byte{3});
}

class LargeRam : public RamSnapshotsTest {
 protected:
  LargeRam() : RamSnapshotsTest(std::uint64_t{512} << 20) {}
  std::uint64_t allocated() const {
    std::uint64_t bytes = 0;
    const UsedPages pages(memory);
    for (const auto& region : memory.regions()) {
      for (const auto& run : pages.in(region.start, region.size)) bytes += run.size;
    }
    return bytes / page;
  }
};

TEST_F(LargeRam, WhatIsUntouchedStaysSo) {
  vm.write({5}, 1);
  vm.write({memory.size() - 1}, 1);
  const std::uint64_t before = allocated();
  const RamImage image = snapshots.take();
  EXPECT_EQ(allocated(), before);
  memory.clear();
  snapshots.put_back(image);
  EXPECT_LE(allocated(), before);
  EXPECT_EQ(raw(5), 1);
  EXPECT_EQ(raw(memory.size() - 1), 1);
}

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * page;
}

TEST_F(LargeRam, TheLastImageGivesItsMemoryBack) {
  constexpr std::uint64_t size = std::uint64_t{16} << 20;
  for (std::uint64_t at = 0; at < size; at += page) write(at, 1);
  const std::uint64_t before = resident_bytes();
  std::optional<RamImage> one = snapshots.take(), other = snapshots.take();
  one.reset();
  EXPECT_GE(resident_bytes(), before + size);
  other.reset();
  EXPECT_LT(resident_bytes(), before + size / 2);
}

// Whatever is done in between, an image that is put back is what RAM was when it was taken.
class RandomSnapshots : public RamSnapshotsTest {
 protected:
  struct Taken {
    RamImage image;
    std::vector<std::uint8_t> plain;
  };
  std::uint64_t any_address() { return random() % memory.size(); }
  std::uint8_t any_byte() { return static_cast<std::uint8_t>(random() % 3 ? random() : random() % 2 ? 0 : 0xcc); }

  void cut_slots() {
    std::vector<ProtectedRange> ranges(random() % 4);
    for (auto& range : ranges)
      range = {{any_address()}, 1 + random() % (5 * page), random() % 2 ? PageAccess::ReadOnly : PageAccess::Absent};
    ASSERT_TRUE(slots.protect(ranges));
    slots.apply(vm);
  }
  void do_something() {
    switch (random() % 12) {
      case 0:
        return cut_slots();
      case 1:
        if (planted.bytes().size() < 20) planted.plant({any_address()});
        return;
      case 2:
        return planted.bytes().empty() ? void() : planted.lift(planted.bytes().begin()->first);
      case 3: {
        const std::array<std::uint8_t, 3> bytes{any_byte(), any_byte(), any_byte()};
        (void)planted.write({any_address()}, bytes);
        return;
      }
      case 4:
        if (random() % 20) return;
        memory.clear();
        return planted.forget();
      default: {
        const Gpa at{any_address()};
        if (!planted.planted(at)) vm.write(at, any_byte());
      }
    }
  }
  void take() {
    taken.push_back({snapshots.take(), contents()});
    if (taken.size() > 8) drop();
  }
  void put_back() {
    if (taken.empty()) return;
    const Taken& one = taken[random() % taken.size()];
    snapshots.put_back(one.image);
    ASSERT_TRUE(contents() == one.plain);
    for (const auto& [at, byte] : planted.bytes()) ASSERT_EQ(raw(at.value), 0xcc);
  }
  void drop() { taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(random() % taken.size())); }

  SoftwareBreakpoints planted{memory};
  std::vector<Taken> taken;
  std::mt19937 random{1};
};

TEST_F(RandomSnapshots, AreWhatRamWas) {
  for (int round = 0; round < 600; ++round) {
    for (unsigned i = random() % 30; i > 0; --i) ASSERT_NO_FATAL_FAILURE(do_something());
    switch (random() % 8) {
      case 0:
      case 1:
        take();
        break;
      case 2:
        if (!taken.empty()) drop();
        break;
      default:
        ASSERT_NO_FATAL_FAILURE(put_back()) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace gdbvm::snapshot
