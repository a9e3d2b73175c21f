// What becomes of the options when a firmware boots the image, and what the firmware is told.
#include "vmm/app/firmware_boot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/unit/devices/disk_file.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {
namespace {

using boot::Protocol;
using testing::ElementsAre;
using testing::HasSubstr;

class FirmwareBoot : public testing::Test {
 protected:
  FirmwareBoot() { options.image = options.load.name = image.path(); }
  // A boot sector in a file of that size.
  void make_disk(std::uint64_t size) {
    image.cut(size);
    std::fstream stream(image.path(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(510);
    stream << "\x55\xaa";
  }
  GuestOptions resolved() const { return with_firmware(options, {firmware.path()}); }
  std::string refusal(const std::vector<std::string>& places) const {
    try {
      (void)with_firmware(options, places);
      return "not refused";
    } catch (const SetupError& error) {
      return error.what();
    }
  }
  static std::string file(const GuestOptions& options, const std::string& name) {
    const auto files = firmware_extras(options);
    const auto found = std::ranges::find(files, name, &FwCfg::File::name);
    return found == files.end() ? "none" : std::string(found->bytes.begin(), found->bytes.end());
  }

  DiskFile image{512}, firmware{4096};
  GuestOptions options;
};

TEST_F(FirmwareBoot, ABootSectorIsTheFirstDiskInMemory) {
  make_disk(1000);
  options.disks = {{"other"}, {"third", DiskMode::ReadOnly, DiskBus::Virtio}};
  const GuestOptions result = resolved();
  EXPECT_EQ(result.load.protocol, Protocol::Firmware);
  EXPECT_EQ(result.bios, firmware.path());
  EXPECT_EQ(result.medium->kind, boot::Medium::Kind::BootSector);
  EXPECT_THAT(result.disks, ElementsAre(Disk{image.path(), DiskMode::Snapshot, DiskBus::Ide},
                                        Disk{"other", DiskMode::ReadWrite, DiskBus::Ide},
                                        Disk{"third", DiskMode::ReadOnly, DiskBus::Virtio}));
  EXPECT_EQ(file(result, "bootorder"), std::string("/pci@i0cf8/ide@1,1/drive@0/disk@0\n"
                                                   "/pci@i0cf8/ide@1,1/drive@0/disk@1\0",
                                                   68));
  EXPECT_EQ(file(result, "etc/sercon-port"), "\xf8\x03");
}

TEST_F(FirmwareBoot, IsToldWhatEveryMachineHasToo) {
  make_disk(1000);
  const auto files = files_for_firmware(resolved(), 0);
  for (const char* name : {"etc/e820", "etc/acpi/tables", "bootorder"}) {
    EXPECT_EQ(std::ranges::count(files, name, &FwCfg::File::name), 1) << name;
  }
}

TEST_F(FirmwareBoot, AFloppyGoesToTheFirmwareItself) {
  make_disk(360 * 1024);
  const GuestOptions result = resolved();
  EXPECT_THAT(result.disks, ElementsAre(Disk{image.path(), DiskMode::Snapshot, DiskBus::Floppy}));
  EXPECT_EQ(file(result, "floppyimg/floppy").size(), 360u * 1024);
  EXPECT_EQ(file(result, "bootorder"), std::string("/rom@floppyimg/floppy\0", 22));
}

TEST_F(FirmwareBoot, AFloppyThatIsAskedForHasItsPlaceAndAFloppysSize) {
  make_disk(1000);
  options.load.protocol = Protocol::Firmware;
  options.disks = {{image.path()}, {image.path(), DiskMode::ReadWrite, DiskBus::Floppy}};
  EXPECT_EQ(file(resolved(), "floppyimg/floppy").size(), 1440u * 1024);
  EXPECT_EQ(file(resolved(), "bootorder"),
            std::string("/pci@i0cf8/ide@1,1/drive@0/disk@0\n/rom@floppyimg/floppy\0", 56));
  options.disks.push_back(options.disks.back());
  EXPECT_EQ(refusal({firmware.path()}), "there is room for one floppy");
  image.cut(2880 * 1024 + 1);
  options.disks.pop_back();
  EXPECT_THROW(file(resolved(), "floppyimg/floppy"), SetupError);
}

TEST_F(FirmwareBoot, AFloppyIsForFirmware) {
  options.disks = {{"f", DiskMode::ReadWrite, DiskBus::Floppy}};
  EXPECT_EQ(refusal({}), "a floppy is for firmware, and " + image.path() + " starts without it");
}

TEST_F(FirmwareBoot, DisksBootWithoutAnImage) {
  options.load.protocol = Protocol::Firmware;
  options.disks = {{image.path()}};
  EXPECT_EQ(resolved().disks[0].bus, DiskBus::Ide);
  EXPECT_EQ(resolved().bios, firmware.path());
  EXPECT_EQ(resolved().medium->name, "disk");
}

TEST_F(FirmwareBoot, OtherImagesNeedNone) {
  options.disks = {{"a"}, {"b", DiskMode::ReadOnly, DiskBus::Ide}};
  const GuestOptions result = with_firmware(options, {});
  EXPECT_EQ(result.load.protocol, Protocol::Auto);
  EXPECT_EQ(result.disks[0].bus, DiskBus::Virtio);
  EXPECT_EQ(result.disks[1].bus, DiskBus::Ide);
  EXPECT_TRUE(firmware_extras(result).empty());
  options.bios = "bios";
  EXPECT_EQ(refusal({}), image.path() + " is nothing that the firmware of --bios could boot");
}

TEST_F(FirmwareBoot, AFirmwareThatIsNotThereIsNamed) {
  make_disk(512);
  EXPECT_THAT(refusal({"/absent/bios.bin"}), HasSubstr("is a boot sector, which a PC's firmware starts"));
  EXPECT_THAT(refusal({"/absent/bios.bin"}), HasSubstr("install Debian's package seabios"));
  EXPECT_EQ(refusal({"/absent/bios.bin", firmware.path()}), "not refused");
  options.bios = "mine";
  EXPECT_EQ(with_firmware(options, {}).bios, "mine");
}

}  // namespace
}  // namespace gdbvm
