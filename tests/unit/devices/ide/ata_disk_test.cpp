// A disk's commands through the data port, and what it says of itself.
#include "vmm/devices/ide/ata_disk.h"

#include "tests/unit/devices/ide/ide_fixture.h"

namespace gdbvm::ide {
namespace {

constexpr std::uint64_t disk_sectors = 5000;

class AtaDiskTest : public IdeTest {
 protected:
  AtaDiskTest() { use(DiskMode::ReadWrite); }
  void use(DiskMode mode) {
    controller.set_drive(0, nullptr);  // the lock goes first
    controller.set_drive(0, std::make_unique<AtaDisk>(file.path(), mode));
  }
  std::uint16_t word(const std::string& identity, std::size_t number) {
    std::uint16_t value = 0;
    std::memcpy(&value, &identity.at(2 * number), sizeof value);
    return value;
  }
  std::uint32_t words(const std::string& identity, std::size_t number) {
    return word(identity, number) | std::uint32_t{word(identity, number + 1)} << 16;
  }
  std::string identify() {
    EXPECT_EQ(command(0xec), drq);
    return read(512);
  }
  std::string sector_in_file(std::uint64_t number, std::size_t size) {
    const auto bytes = file.bytes(number * 512, size);
    return {bytes.begin(), bytes.end()};
  }

  DiskFile file{disk_sectors * 512};
};

TEST_F(AtaDiskTest, SaysHowLargeItIs) {
  const std::string identity = identify();
  EXPECT_EQ(reg(port::status), well);
  EXPECT_EQ(words(identity, 60), disk_sectors);
  EXPECT_EQ(words(identity, 100), disk_sectors);
  EXPECT_EQ(word(identity, 1), disk_sectors / (16 * 63));
  EXPECT_EQ(word(identity, 3), 16);
  EXPECT_EQ(word(identity, 6), 63);
  EXPECT_EQ(identity.substr(54, 10), "dgvb midks");
  EXPECT_NE(word(identity, 49) & 0x300, 0) << "LBA and DMA";
  EXPECT_EQ(word(identity, 83) & 0xc400, 0x4400) << "48-bit addresses";
}

TEST_F(AtaDiskTest, ReadsSectorBySector) {
  put_sector(file, 7, "seven");
  put_sector(file, 8, "eight");
  EXPECT_EQ(command(0x20, 7, 2), drq);
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(reg(port::status), drq);
  EXPECT_FALSE(line[0]) << "acknowledged";
  EXPECT_EQ(read(512).substr(0, 6), std::string("seven\0", 6));
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(read(512).substr(0, 5), "eight");
  EXPECT_EQ(reg(port::status), well);
  EXPECT_FALSE(line[0]);
  EXPECT_EQ(in<std::uint16_t>(0x1f0), 0xffffu) << "no more data";
}

TEST_F(AtaDiskTest, WritesSectorBySector) {
  EXPECT_EQ(command(0x30, 9, 2), drq);
  EXPECT_FALSE(line[0]);
  write("nine", 512);
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(reg(port::status), drq);
  write("ten", 512);
  EXPECT_EQ(reg(port::status), well);
  EXPECT_EQ(sector_in_file(9, 4), "nine");
  EXPECT_EQ(sector_in_file(10, 3), "ten");
}

TEST_F(AtaDiskTest, TakesSeveralSectorsInAPiece) {
  reg(port::count, 4);
  EXPECT_EQ(command(0xc6), well);
  EXPECT_EQ(word(identify(), 59), 0x104);
  reg(port::status);
  put_sector(file, 4, "four");
  EXPECT_EQ(command(0xc4, 0, 5), drq);
  reg(port::status);
  read(3 * 512);
  EXPECT_FALSE(line[0]);
  read(512);
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(read(512).substr(0, 4), "four");
  EXPECT_EQ(alternate(), well);
  EXPECT_EQ(command(0xc5, 20, 4), drq);
  write("many", 4 * 512);
  EXPECT_EQ(alternate(), well);
  EXPECT_EQ(sector_in_file(20, 4), "many");
  reg(port::count, 3);
  EXPECT_EQ(command(0xc6), wrong);
  reg(port::count, 0);
  EXPECT_EQ(command(0xc6), well);
  EXPECT_EQ(command(0xc4, 0, 1), wrong) << "switched off";
}

TEST_F(AtaDiskTest, FindsSectorsByCylinderHeadAndSector) {
  put_sector(file, (2 * 16 + 3) * 63 + 4, "here");
  const auto read_at = [&](unsigned sector) {
    reg(port::count, 1);
    reg(port::low, sector);
    reg(port::mid, 2);
    reg(port::high, 0);
    reg(port::device, 0xa3);
    return command(0x20);
  };
  EXPECT_EQ(read_at(5), drq);
  EXPECT_EQ(read(512).substr(0, 4), "here");
  EXPECT_EQ(read_at(0), wrong);
  EXPECT_EQ(read_at(64), wrong);
  reg(port::device, 0xa7);
  reg(port::count, 17);
  EXPECT_EQ(command(0x91), well);  // 8 heads, 17 sectors
  put_sector(file, (2 * 8 + 3) * 17 + 4, "there");
  EXPECT_EQ(read_at(5), drq);
  EXPECT_EQ(read(512).substr(0, 5), "there");
}

TEST_F(AtaDiskTest, Knows48BitAddresses) {
  put_sector(file, 300, "three hundred");
  for (const unsigned number : {port::low, port::mid, port::high, port::count}) reg(number, 0);
  EXPECT_EQ(command(0x24, 300, 1), drq);
  EXPECT_EQ(read(512).substr(0, 13), "three hundred");
  for (const unsigned number : {port::low, port::mid, port::high, port::count})
    reg(number, number == port::mid ? 1 : 0);
  EXPECT_EQ(command(0x24, 300, 1), wrong) << "far beyond the end";
  EXPECT_EQ(reg(port::error), 0x10u);
}

TEST_F(AtaDiskTest, RefusesWhatIsBeyondItsEnd) {
  EXPECT_EQ(command(0x20, disk_sectors - 1, 1), drq);
  EXPECT_EQ(command(0x20, disk_sectors - 1, 2), wrong);
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(reg(port::error), 0x10u);
  EXPECT_EQ(command(0x40, disk_sectors - 256, 0), well) << "256 sectors are verified";
  EXPECT_EQ(command(0x40, disk_sectors - 255, 0), wrong);
  EXPECT_EQ(command(0xf8, 0, 0), well);
  EXPECT_EQ(reg(port::low) | reg(port::mid) << 8, disk_sectors - 1);
}

TEST_F(AtaDiskTest, IsAtLeastAsLargeAsAFloppy) {
  file.cut(512);
  put_sector(file, 0, "alone");
  use(DiskMode::Snapshot);
  EXPECT_EQ(command(0x20, 0, 2), drq);
  EXPECT_EQ(read(512).substr(0, 5), "alone");
  EXPECT_EQ(read(512), std::string(512, '\0'));
  EXPECT_EQ(command(0x30, 1, 1), drq);
  write("lost", 512);
  EXPECT_EQ(alternate(), wrong);
  EXPECT_EQ(command(0x20, 2879, 1), drq);
  EXPECT_EQ(command(0x20, 2880, 1), wrong);
}

TEST_F(AtaDiskTest, ReadsOnlyWhereItIsReadOnly) {
  use(DiskMode::ReadOnly);
  EXPECT_EQ(command(0x30, 0, 1), wrong);
  EXPECT_EQ(reg(port::error), 0x04u);
  EXPECT_EQ(command(0x20, 0, 1), drq);
}

TEST_F(AtaDiskTest, TellsWhenTheHostCannotRead) {
  file.cut(512);
  EXPECT_EQ(command(0x20, 0, 2), drq);
  read(512);
  EXPECT_EQ(alternate(), wrong);
  EXPECT_EQ(reg(port::error), 0x40u);
}

TEST_F(AtaDiskTest, TakesTheSettingsOfDrivers) {
  for (const std::uint8_t code : {0xe7, 0xea, 0xe0, 0x10, 0x70}) EXPECT_EQ(command(code), well) << int{code};
  EXPECT_EQ(command(0xe5), well);
  EXPECT_EQ(reg(port::count), 0xffu);
  reg(port::features, 3);
  reg(port::count, 0x42);
  EXPECT_EQ(command(0xef), well);
  EXPECT_EQ(word(identify(), 88), 0x043f) << "UltraDMA 2";
  reg(port::count, 0x47);
  EXPECT_EQ(command(0xef), wrong);
  reg(port::features, 0x99);
  EXPECT_EQ(command(0xef), wrong);
  for (const std::uint8_t code : {0x00, 0xa0, 0xa1, 0x08, 0xff}) EXPECT_EQ(command(code), wrong) << int{code};
}

}  // namespace
}  // namespace gdbvm::ide
