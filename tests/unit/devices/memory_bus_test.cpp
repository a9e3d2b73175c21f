// The memory bus: which device is accessed, and unclaimed addresses.
#include "vmm/devices/memory_bus.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

class Recorder final : public MemoryDevice {
 public:
  void read(std::uint64_t offset, std::span<std::uint8_t> out) override { out[0] = static_cast<std::uint8_t>(offset); }
  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
    writes.emplace_back(offset, bytes.size());
  }
  void reset() override { ++resets; }
  std::vector<std::pair<std::uint64_t, std::size_t>> writes;
  int resets = 0;
};

TEST(MemoryBus, AsksTheDeviceThatHasTheWholeAccess) {
  Recorder first, second;
  MemoryBus bus;
  bus.attach({0x1000}, 0x100, first);
  bus.attach({0x1100}, 0x100, second);
  std::vector<std::uint8_t> bytes(4);
  bus.read({0x10fc}, bytes);
  EXPECT_EQ(bytes[0], 0xfc);
  bus.read({0x1104}, bytes);
  EXPECT_EQ(bytes[0], 4);
  bus.write({0x1108}, bytes);
  EXPECT_EQ(second.writes, (decltype(second.writes){{8, 4}}));
  EXPECT_TRUE(first.writes.empty());
}

TEST(MemoryBus, NobodyReadsAllOnes) {
  Recorder device;
  MemoryBus bus;
  bus.attach({0x1000}, 0x100, device);
  for (const std::uint64_t address :
       {std::uint64_t{0xffe}, std::uint64_t{0x10fe}, std::uint64_t{0x1100}, ~std::uint64_t{0}}) {
    std::vector<std::uint8_t> bytes(4);
    bus.read({address}, bytes);
    EXPECT_EQ(bytes, std::vector<std::uint8_t>(4, 0xff)) << address;
    bus.write({address}, bytes);
  }
  EXPECT_TRUE(device.writes.empty());
}

TEST(MemoryBus, OneThatMovesAnswersWhereItIsNow) {
  Recorder fixed, movable;
  std::atomic<std::uint64_t> first = 0x1000;
  MemoryBus bus;
  bus.attach({0x2000}, 0x100, fixed);
  bus.attach_movable(first, 0x100, movable);
  std::vector<std::uint8_t> bytes(4);
  bus.read({0x1010}, bytes);
  EXPECT_EQ(bytes[0], 0x10);
  first = 0x1f80;
  bus.read({0x1010}, bytes);
  EXPECT_EQ(bytes[0], 0xff);
  bus.write({0x1fa0}, bytes);
  bus.write({0x2000}, bytes);
  EXPECT_EQ(movable.writes, (decltype(movable.writes){{0x20, 4}}));
  EXPECT_EQ(fixed.writes, (decltype(fixed.writes){{0, 4}}));
  bus.reset();
  EXPECT_EQ(movable.resets, 1);
}

TEST(MemoryBus, ResetsAll) {
  Recorder first, second;
  MemoryBus bus;
  bus.attach({0x1000}, 1, first);
  bus.attach({0x2000}, 1, second);
  bus.reset();
  EXPECT_EQ(first.resets + second.resets, 2);
}

}  // namespace
}  // namespace gdbvm
