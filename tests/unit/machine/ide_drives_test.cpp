// Which disk is at which place of the IDE cables.
#include "vmm/machine/ide_drives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/unit/devices/disk_file.h"

namespace gdbvm {
namespace {

using enum DiskBus;
using testing::ElementsAre;

std::vector<int> places(const std::vector<DiskBus>& buses) {
  std::vector<Disk> disks;
  for (const DiskBus bus : buses) disks.push_back({"disk", DiskMode::ReadOnly, bus});
  std::vector<int> numbers;
  for (const auto place : ide_places_of(disks)) numbers.push_back(place ? static_cast<int>(*place) : -1);
  return numbers;
}

TEST(IdeDrives, DisksComeFirstAndTheCdIsTheSecondChannels) {
  EXPECT_THAT(places({Ide, Virtio, Ide}), ElementsAre(0, -1, 1));
  EXPECT_THAT(places({Cdrom, Ide}), ElementsAre(2, 0));
  EXPECT_THAT(places({Ide, Ide, Ide, Cdrom}), ElementsAre(0, 1, 3, 2));
  EXPECT_THAT(places({Cdrom, Cdrom}), ElementsAre(2, 0));
  EXPECT_THAT(places({Auto}), ElementsAre(-1));
}

TEST(IdeDrives, ThereAreFourAtMost) { EXPECT_THROW(places({Ide, Ide, Ide, Ide, Cdrom}), std::runtime_error); }

TEST(IdeDrives, AreOfTheirKind) {
  const DiskFile file(4096);
  const IdeDrives drives = ide_drives(std::vector<Disk>{{file.path(), DiskMode::Snapshot, Ide},
                                                        {file.path(), DiskMode::Snapshot, Virtio},
                                                        {file.path(), DiskMode::Snapshot, Cdrom}});
  ASSERT_TRUE(drives[0] && drives[2]);
  EXPECT_FALSE(drives[1] || drives[3]);
  EXPECT_EQ(drives[0]->read(ide::port::high), 0);
  EXPECT_EQ(drives[2]->read(ide::port::high), 0xeb);
  EXPECT_TRUE(drives[2]->disk().read_only());
  EXPECT_FALSE(drives[0]->disk().read_only());
}

}  // namespace
}  // namespace gdbvm
