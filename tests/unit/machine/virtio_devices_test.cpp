// Which virtio devices a machine has.
#include "vmm/machine/virtio_devices.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/unit/devices/disk_file.h"

namespace gdbvm {
namespace {

constexpr std::uint32_t block = 2, entropy = 4;
constexpr std::uint64_t read_only = 1 << 5;

TEST(VirtioDevices, EveryMachineHasASourceOfEntropy) {
  const auto devices = virtio_devices({});
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0]->id(), entropy);
}

TEST(VirtioDevices, TheDisksComeFirstAndInTheirOrder) {
  const DiskFile first(512), second(1024);
  const Disk disks[] = {{first.path(), DiskMode::ReadWrite}, {second.path(), DiskMode::ReadOnly}};
  const auto devices = virtio_devices(disks);
  ASSERT_EQ(devices.size(), 3u);
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_EQ(devices[i]->id(), block);
    EXPECT_EQ(devices[i]->configuration()[0], i + 1) << "its size in sectors";
    EXPECT_EQ((devices[i]->features() & read_only) != 0, i == 1);
  }
  EXPECT_EQ(devices[2]->id(), entropy);
}

TEST(VirtioDevices, ADiskThatCannotBeOpened) {
  const Disk disks[] = {{"/nonexistent/disk"}};
  EXPECT_THROW(virtio_devices(disks), std::runtime_error);
}

}  // namespace
}  // namespace gdbvm
