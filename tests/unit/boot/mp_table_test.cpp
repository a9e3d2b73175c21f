// The tables read by the offsets of the MultiProcessor Specification 1.4, chapter 4.
#include "vmm/boot/mp_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "vmm/boot/little_endian.h"
#include "vmm/x86/layout.h"

namespace gdbvm::boot {
namespace {

using testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;
constexpr std::uint64_t base = 0xf0000;

unsigned sum(std::span<const std::uint8_t> bytes) { return std::accumulate(bytes.begin(), bytes.end(), 0u) & 0xff; }

class Tables {
 public:
  explicit Tables(unsigned cpus) : bytes_(mp_table(cpus, {base})) {}
  std::span<const std::uint8_t> pointer() const { return std::span(bytes_).first(16); }
  std::span<const std::uint8_t> table() const {
    return std::span(bytes_).subspan(*load<std::uint32_t>(bytes_, 4) - base);
  }
  template <class T>
  T in_table(std::size_t offset) const {
    return *load<T>(table(), offset);
  }
  // The entries of one type, which follow one another in the order of their types.
  std::vector<Bytes> entries(std::uint8_t type) const {
    std::vector<Bytes> found;
    for (const Bytes& entry : entries()) {
      if (entry[0] == type) found.push_back(entry);
    }
    return found;
  }
  std::vector<Bytes> entries() const {
    std::vector<Bytes> all;
    for (std::size_t at = 44; at < table().size();) {
      const std::size_t size = table()[at] == 0 ? 20 : 8;
      const auto entry = table().subspan(at, size);
      all.emplace_back(entry.begin(), entry.end());
      at += size;
    }
    return all;
  }

 private:
  Bytes bytes_;
};

TEST(MpTable, TheFloatingPointerIsSound) {
  const Tables tables(1);
  const auto pointer = tables.pointer();
  EXPECT_EQ(std::string(pointer.begin(), pointer.begin() + 4), "_MP_");
  EXPECT_EQ(pointer[8], 1) << "length in units of 16 bytes";
  EXPECT_EQ(pointer[9], 4) << "revision";
  EXPECT_EQ(sum(pointer), 0u);
  EXPECT_EQ(pointer[11], 0) << "no default configuration";
  EXPECT_EQ(pointer[12], 0) << "no IMCR";
}

TEST(MpTable, LengthsCountsAndChecksumsAreRight) {
  for (const unsigned cpus : {1u, 2u, 255u}) {
    const Tables tables(cpus);
    EXPECT_EQ(std::string(tables.table().begin(), tables.table().begin() + 4), "PCMP");
    EXPECT_EQ(tables.in_table<std::uint16_t>(4), tables.table().size());
    EXPECT_EQ(tables.in_table<std::uint8_t>(6), 4) << "revision";
    EXPECT_EQ(sum(tables.table()), 0u);
    EXPECT_EQ(tables.in_table<std::uint16_t>(34), tables.entries().size());
    EXPECT_EQ(tables.in_table<std::uint32_t>(36), 0xfee00000u);
    EXPECT_EQ(tables.in_table<std::uint16_t>(40), 0) << "nothing extended";
    EXPECT_TRUE(std::ranges::is_sorted(tables.entries(), {}, [](const Bytes& entry) { return entry[0]; }));
  }
}

TEST(MpTable, ListsEveryCpuAndWhichOfThemBoots) {
  for (const unsigned cpus : {1u, 3u, 255u}) {
    const auto found = Tables(cpus).entries(0);
    ASSERT_EQ(found.size(), cpus);
    for (std::size_t i = 0; i < cpus; ++i) {
      EXPECT_EQ(found[i][1], i);
      EXPECT_EQ(found[i][3], i == 0 ? 3 : 1);
    }
  }
}

TEST(MpTable, HasTheIsaBusAndTheIoApic) {
  const Tables tables(2);
  EXPECT_THAT(tables.entries(1), ElementsAre(Bytes{1, 0, 'I', 'S', 'A', ' ', ' ', ' '}));
  EXPECT_THAT(tables.entries(2), ElementsAre(Bytes{2, 0, 0x11, 1, 0, 0, 0xc0, 0xfe}));
}

// As the MADT has it: no timer on pin 2, and ACPI's interrupt is active high and level-triggered.
TEST(MpTable, WiresIsaInterruptsToThePinsOfTheirNumbers) {
  const auto found = Tables(2).entries(3);
  ASSERT_EQ(found.size(), 15u);
  for (std::uint8_t i = 0; i < 15; ++i) {
    const std::uint8_t irq = i < 2 ? i : i + 1, flags = irq == 9 ? 0b1101 : 0;
    EXPECT_EQ(found[i], (Bytes{3, 0, flags, 0, 0, irq, 0, irq}));
  }
}

TEST(MpTable, WiresThePicsToTheBootCpuAndNmisToAll) {
  EXPECT_THAT(Tables(2).entries(4), ElementsAre(Bytes{4, 3, 0, 0, 0, 0, 0, 0}, Bytes{4, 1, 0, 0, 0, 0, 0xff, 1}));
}

TEST(MpTable, IsNotPutOnAnImage) {
  BootPlan plan;
  RamPlan free(16 << 20);
  place_mp_table(plan, free, 255);
  ASSERT_EQ(plan.placements.size(), 1u);
  EXPECT_EQ(plan.placements[0].start, Gpa{base});
  const std::uint64_t end = base + plan.placements[0].bytes.size();
  EXPECT_LE(end, x86::layout::high_memory);
  EXPECT_FALSE(free.take({end - 1}, 1));

  RamPlan taken(16 << 20), none(512 << 10);
  taken.reserve({base + 100}, 1);
  place_mp_table(plan, taken, 1);
  place_mp_table(plan, none, 1);
  EXPECT_EQ(plan.placements.size(), 1u);
}

}  // namespace
}  // namespace gdbvm::boot
