// The memory map of small, usual and large machines.
#include "vmm/boot/memory_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm::boot {
namespace {

using testing::ElementsAre;
constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;
constexpr auto ram = MemoryRange::Kind::Ram, reserved = MemoryRange::Kind::Reserved;
const MemoryRange low{{0}, 0x9fc00, ram}, bios_data{{0x9fc00}, 0x400, reserved}, firmware{{0xe0000}, 0x20000, reserved},
    kvm{{0xfeffc000}, 0x4000, reserved};

// A reserved range where a PC has its display stops kernels that claim it for the display, such as Unikraft.
TEST(MemoryMap, LeavesTheFirmwareItsPartAndSaysNothingOfTheDisplays) {
  EXPECT_THAT(memory_map(64 * mib), ElementsAre(low, bios_data, firmware, MemoryRange{{mib}, 63 * mib, ram}, kvm));
}

TEST(MemoryMap, GoesOnAboveTheHole) {
  EXPECT_THAT(memory_map(5 * gib), ElementsAre(low, bios_data, firmware, MemoryRange{{mib}, 3 * gib - mib, ram}, kvm,
                                               MemoryRange{{4 * gib}, 2 * gib, ram}));
}

TEST(MemoryMap, OfVeryLittle) {
  EXPECT_THAT(memory_map(64 * kib), ElementsAre(MemoryRange{{0}, 64 * kib, ram}, kvm));
  EXPECT_THAT(memory_map(640 * kib), ElementsAre(low, bios_data, kvm));
}

TEST(MemoryMap, OldSizes) {
  EXPECT_EQ(old_memory_sizes(64 * mib).lower_kib, 639u);
  EXPECT_EQ(old_memory_sizes(64 * mib).upper_kib, 63u * 1024);
  EXPECT_EQ(old_memory_sizes(64 * kib).lower_kib, 64u);
  EXPECT_EQ(old_memory_sizes(64 * kib).upper_kib, 0u);
  EXPECT_EQ(old_memory_sizes(8 * gib).upper_kib, 3u * 1024 * 1024 - 1024);
}

}  // namespace
}  // namespace gdbvm::boot
