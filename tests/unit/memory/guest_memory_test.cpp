// RAM around its hole, and limits.
#include "vmm/memory/guest_memory.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include "vmm/memory/page_set.h"

namespace gdbvm {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

TEST(GuestMemory, BeginsAtZeroAndReadsZero) {
  const GuestMemory memory(16 * page_size);
  ASSERT_EQ(memory.regions().size(), 1u);
  EXPECT_EQ(memory.regions()[0].start, Gpa{0});
  std::array<std::uint8_t, 16> bytes;
  bytes.fill(0xff);
  EXPECT_EQ(memory.read({0x100}, bytes), 16u);
  for (const auto byte : bytes) EXPECT_EQ(byte, 0);
}

TEST(GuestMemory, GoesOnAtFourGib) {
  GuestMemory memory(4 * gib);
  ASSERT_EQ(memory.regions().size(), 2u);
  EXPECT_EQ(memory.regions()[0].size, 3 * gib);
  EXPECT_EQ(memory.regions()[1].start, Gpa{4 * gib});
  EXPECT_EQ(memory.regions()[1].size, gib);
  EXPECT_EQ(memory.at({3 * gib}, 1), nullptr);
  EXPECT_NE(memory.at({5 * gib - 1}, 1), nullptr);
  EXPECT_EQ(memory.at({5 * gib}, 1), nullptr);
  const std::array<std::uint8_t, 1> byte{0x5a};
  EXPECT_TRUE(memory.write({4 * gib}, byte));
  EXPECT_EQ(*memory.at({4 * gib}, 1), std::byte{0x5a});
  EXPECT_EQ(*memory.at({3 * gib - 1}, 1), std::byte{0});
}

TEST(GuestMemory, ReadsWhatThereIsAndWritesAllOrNothing) {
  GuestMemory memory(page_size);
  std::array<std::uint8_t, 8> bytes{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_FALSE(memory.write({page_size - 4}, bytes));
  EXPECT_TRUE(memory.write({page_size - 8}, bytes));
  std::array<std::uint8_t, 8> out{};
  EXPECT_EQ(memory.read({page_size - 4}, out), 4u);
  EXPECT_EQ(out[0], 5);
  EXPECT_EQ(memory.read({page_size}, out), 0u);
}

// An empty span may have no address at all, such as that of an empty module.
TEST(GuestMemory, NothingCanBeReadAndWritten) {
  GuestMemory memory(page_size);
  EXPECT_TRUE(memory.write({0}, {}));
  EXPECT_EQ(memory.read({0}, {}), 0u);
}

TEST(GuestMemory, HostileRangesDoNotWrap) {
  const GuestMemory memory(page_size);
  EXPECT_EQ(memory.at({~std::uint64_t{0}}, 2), nullptr);
  EXPECT_EQ(memory.at({0}, ~std::uint64_t{0}), nullptr);
  EXPECT_EQ(memory.at({page_size - 1}, ~std::uint64_t{0}), nullptr);
  EXPECT_NE(memory.at({page_size - 1}, 0), nullptr);
}

TEST(GuestMemory, ClearGivesZerosBack) {
  GuestMemory memory(page_size);
  memory.at({5}, 1)[0] = std::byte{9};
  memory.clear();
  EXPECT_EQ(memory.at({5}, 1)[0], std::byte{0});
}

TEST(GuestMemory, RomIsReadBesideRamAndStaysWhenRamIsCleared) {
  GuestMemory memory(page_size);
  constexpr Gpa start{0xfffff000};
  EXPECT_FALSE(memory.is_rom(start));
  memory.add_rom(start, page_size);
  const std::uint8_t value = 7;
  EXPECT_TRUE(memory.write(start + 0xfff, {&value, 1}));
  memory.clear();
  std::uint8_t bytes[2] = {};
  EXPECT_EQ(memory.read(start + 0xfff, bytes), 1u);
  EXPECT_EQ(bytes[0], 7);
  EXPECT_EQ(memory.at(start + 0xfff, 2), nullptr);
  EXPECT_TRUE(memory.is_rom(start + 0xfff));
  EXPECT_FALSE(memory.is_rom({0}));
  EXPECT_FALSE(memory.is_rom(start + page_size));
  EXPECT_EQ(memory.regions().size(), 1u) << "it is no RAM";
  EXPECT_EQ(memory.roms().size(), 1u);
  EXPECT_THROW(memory.add_rom({0}, 5), std::system_error);
}

std::vector<std::uint64_t> take_written(GuestMemory& memory) {
  std::vector<std::uint64_t> numbers;
  memory.written()->each([&](std::uint64_t number) { numbers.push_back(number); });
  memory.written()->clear();
  return numbers;
}

TEST(GuestMemory, NotesTheWrittenPagesWhileThatIsWanted) {
  GuestMemory memory(4 * page_size);
  constexpr Gpa rom{16 * page_size};
  memory.add_rom(rom, page_size);
  const std::array<std::uint8_t, 2> bytes{1, 2};
  EXPECT_TRUE(memory.write({0}, bytes));
  EXPECT_EQ(memory.written(), nullptr);
  memory.note_writes(true);
  EXPECT_TRUE(memory.write({2 * page_size - 1}, bytes));
  EXPECT_TRUE(memory.write(rom, bytes)) << "is not RAM";
  EXPECT_TRUE(memory.write({3 * page_size}, {})) << "is nothing";
  EXPECT_FALSE(memory.write({4 * page_size - 1}, bytes));
  EXPECT_EQ(take_written(memory), (std::vector<std::uint64_t>{1, 2}));
  memory.note_written({page_size + 5}, 2 * page_size);
  EXPECT_EQ(take_written(memory), (std::vector<std::uint64_t>{1, 2, 3}));
  memory.clear();
  EXPECT_EQ(take_written(memory).size(), 4u);
  memory.note_writes(false);
  EXPECT_EQ(memory.written(), nullptr);
}

TEST(GuestMemory, PagesAreNumberedWithoutTheHole) {
  GuestMemory memory(4 * gib);
  EXPECT_EQ(memory.pages(), 4 * gib / page_size);
  for (const Gpa address : {Gpa{0}, Gpa{3 * gib - page_size}, Gpa{4 * gib}, Gpa{5 * gib - page_size}}) {
    const std::uint64_t number = memory.number_of(address + 7);
    EXPECT_EQ(memory.address_of(number), address);
    EXPECT_EQ(memory.page(number), memory.at(address, page_size));
  }
  EXPECT_EQ(memory.number_of({4 * gib}), 3 * gib / page_size);
}

TEST(GuestMemory, ADisplaysMemoryIsNoRamAndIsWrittenAsRamIs) {
  constexpr Gpa display{0xfd000000};
  GuestMemory memory(4 * gib, {}, GuestMemory::Range{display, 4 * page_size});
  EXPECT_EQ(memory.size(), 4 * gib);
  EXPECT_EQ(memory.regions().size(), 2u);
  ASSERT_EQ(memory.writable().size(), 3u);
  EXPECT_EQ(memory.display(), &memory.writable()[2]);
  EXPECT_EQ(memory.pages(), 4 * gib / page_size + 4);
  EXPECT_EQ(memory.number_of(display + page_size), 4 * gib / page_size + 1);
  EXPECT_EQ(memory.address_of(4 * gib / page_size + 1), display + page_size);
  memory.note_writes(true);
  memory.written()->clear();
  EXPECT_TRUE(memory.write(display + 3 * page_size, std::array<std::uint8_t, 1>{0x5a}));
  EXPECT_EQ(*memory.page(4 * gib / page_size + 3), std::byte{0x5a});
  EXPECT_TRUE(memory.written()->contains(4 * gib / page_size + 3));
  EXPECT_EQ(memory.at(display + 4 * page_size, 1), nullptr);
  memory.start_over();
  EXPECT_EQ(*memory.at(display + 3 * page_size, 1), std::byte{0});
  EXPECT_EQ(GuestMemory(page_size).display(), nullptr);
}

TEST(GuestMemory, ImpossibleSizesThrow) {
  EXPECT_THROW(GuestMemory(0), std::system_error);
  EXPECT_THROW(GuestMemory(100), std::system_error);
  EXPECT_THROW(GuestMemory(page_size, {}, GuestMemory::Range{{gib}, 100}), std::system_error);
  EXPECT_THROW(GuestMemory(std::uint64_t{1} << 62), std::system_error);
}

TEST(GuestMemory, TellsItsCalls) {
  std::string calls;
  const GuestMemory memory(page_size, [&](std::string_view call) { calls += std::string(call) + "\n"; });
  EXPECT_EQ(calls.rfind("mmap(guest RAM, size=0x1000, PRIVATE|ANONYMOUS|NORESERVE) = 0x", 0), 0u);
  EXPECT_NE(calls.find("madvise("), std::string::npos);
}

}  // namespace
}  // namespace gdbvm
