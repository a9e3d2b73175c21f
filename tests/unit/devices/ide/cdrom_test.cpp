// Packets to a CD-ROM drive, and what comes back.
#include "vmm/devices/ide/cdrom.h"

#include "tests/unit/devices/ide/ide_fixture.h"

namespace gdbvm::ide {
namespace {

constexpr std::uint64_t blocks = 400;

class CdromTest : public IdeTest {
 protected:
  CdromTest() {
    base = 0x170;
    controller.set_drive(2, std::make_unique<Cdrom>(file.path()));
  }
  // The status after the packet. `limit`: bytes in a piece.
  unsigned packet(std::string bytes, unsigned limit = 0xfffe, unsigned by_dma = 0) {
    reg(port::features, by_dma);
    reg(port::mid, limit & 0xff);
    reg(port::high, limit >> 8);
    EXPECT_EQ(command(0xa0), drq);
    EXPECT_EQ(reg(port::count), 1u) << "wants the packet";
    write(std::move(bytes), 12);
    return alternate();
  }
  unsigned piece() { return reg(port::mid) | reg(port::high) << 8; }
  std::string sense() {
    EXPECT_EQ(packet(std::string("\x03\0\0\0\x12", 5)), drq);
    const std::string bytes = read(18);
    return {bytes[2], bytes[12]};
  }
  static std::string read_10(char block, char number) {
    return std::string("\x28\0\0\0", 4) + '\0' + block + '\0' + '\0' + number;
  }

  DiskFile file{blocks * 2048 - 512};
};

TEST_F(CdromTest, SaysWhatItIs) {
  EXPECT_EQ(command(0xec), wrong);
  EXPECT_EQ(piece(), 0xeb14u);
  EXPECT_EQ(command(0xa1), drq);
  const std::string identity = read(512);
  EXPECT_EQ(identity.substr(0, 2), "\xc0\x85");
  EXPECT_EQ(identity.substr(54, 12), "dgvb mDCR-MO");
  EXPECT_EQ(packet(std::string("\x12\0\0\0\x24", 5)), drq);
  EXPECT_EQ(piece(), 36u);
  EXPECT_EQ(reg(port::count), 2u);
  const std::string inquiry = read(36);
  EXPECT_EQ(inquiry.substr(0, 2), "\x05\x80");
  EXPECT_EQ(inquiry.substr(8, 5), "gdbvm");
  EXPECT_EQ(reg(port::count), 3u);
  EXPECT_EQ(reg(port::status), well);
}

TEST_F(CdromTest, IsReady) {
  for (const char code : {'\x00', '\x1b', '\x1e', '\x2b'}) {
    EXPECT_EQ(packet(std::string(1, code)), well);
    EXPECT_TRUE(line[1]);
    EXPECT_EQ(reg(port::count), 3u);
    reg(port::status);
  }
}

TEST_F(CdromTest, ReadsBlocksInPieces) {
  EXPECT_EQ(packet("\x25"), drq);
  EXPECT_EQ(read(8), std::string("\0\0\1\x8f\0\0\x08\0", 8));
  put_sector(file, 4, "first");
  put_sector(file, 8, "second");
  EXPECT_EQ(packet(read_10(1, 2), 3000), drq);
  EXPECT_EQ(piece(), 3000u);
  EXPECT_EQ(read(2048).substr(0, 5), "first");
  EXPECT_EQ(read(952).substr(0, 6), "second");
  EXPECT_EQ(piece(), 4096u - 3000);
  EXPECT_TRUE(line[1]);
  read(1096);
  EXPECT_EQ(reg(port::count), 3u);
  EXPECT_EQ(reg(port::status), well);
  std::string long_read("\xa8\0\0\0\0\1\0\0\0\1", 10);
  EXPECT_EQ(packet(long_read), drq);
  EXPECT_EQ(read(2048).substr(0, 5), "first");
}

TEST_F(CdromTest, ItsLastBlockIsFilledUp) {
  put_sector(file, (blocks - 1) * 4 + 2, "end");
  std::string last("\x28\0\0\0\1\x8f\0\0\1", 9);
  EXPECT_EQ(packet(last), drq);
  EXPECT_EQ(read(2048).substr(1024, 3), "end");
  EXPECT_EQ(alternate(), well);
  last[8] = 2;
  EXPECT_EQ(packet(last), wrong);
  EXPECT_EQ(sense(), "\x05\x21");
  EXPECT_EQ(sense(), std::string(2, '\0')) << "told once";
  EXPECT_EQ(packet(read_10(0, 0)), well) << "no block at all";
}

TEST_F(CdromTest, ReadsByDma) {
  put_sector(file, 4, "by DMA");
  table({{0x3000, 2048}});
  out(master_ports + 8 + 4, std::uint32_t{0x1000});
  EXPECT_EQ(packet(read_10(1, 1), 0, 1), drq);
  out(master_ports + 8, std::uint8_t{9});
  EXPECT_EQ(in_memory(0x3000, 6), "by DMA");
  EXPECT_EQ(reg(port::count), 3u);
  EXPECT_TRUE(line[1]);
  EXPECT_EQ(alternate(), well);
  table({{0x3000, 36}});
  EXPECT_EQ(packet(std::string("\x12\0\0\0\x24", 5), 0, 1), drq);
  out(master_ports + 8, std::uint8_t{0});
  out(master_ports + 8 + 4, std::uint32_t{0x1000});
  out(master_ports + 8, std::uint8_t{9});
  EXPECT_EQ(in_memory(0x3008, 5), "gdbvm");
}

TEST_F(CdromTest, HasOneTrack) {
  EXPECT_EQ(packet(std::string("\x43\0\0\0\0\0\0\xff\xff", 9)), drq);
  EXPECT_EQ(piece(), 20u);
  EXPECT_EQ(read(20), std::string("\0\x12\1\1\0\x14\1\0\0\0\0\0\0\x14\xaa\0\0\0\1\x90", 20));
  EXPECT_EQ(packet(std::string("\x43\2\0\0\0\0\xaa\xff\xff", 9)), drq);
  EXPECT_EQ(read(12).substr(8), std::string("\0\0\x07\x19", 4)) << "400 + 150 frames";
  EXPECT_EQ(packet(std::string("\x43\0\1\0\0\0\0\0\x0c", 9)), drq);
  EXPECT_EQ(piece(), 12u);
  EXPECT_EQ(packet(std::string("\x43\0\2\0\0\0\0\0\x0c", 9)), wrong);
  EXPECT_EQ(packet(std::string("\x43\0\0\0\0\0\2\0\x0c", 9)), wrong);
  EXPECT_EQ(sense(), "\x05\x24");
}

TEST_F(CdromTest, HasModePages) {
  EXPECT_EQ(packet(std::string("\x5a\0\x2a\0\0\0\0\0\xff", 9)), drq);
  EXPECT_EQ(piece(), 28u);
  EXPECT_EQ(read(28).substr(0, 2), std::string("\0\x1a", 2));
  EXPECT_EQ(packet(std::string("\x5a\0\x3f\0\0\0\0\0\x08", 9)), drq);
  EXPECT_EQ(piece(), 8u);
  EXPECT_EQ(packet(std::string("\x5a\0\x0e\0\0\0\0\0\xff", 9)), wrong);
  EXPECT_EQ(packet("\x7f"), wrong);
  EXPECT_EQ(sense(), "\x05\x20");
}

TEST_F(CdromTest, TakesCommandsWithoutPackets) {
  reg(port::features, 3);
  reg(port::count, 0x0b);
  EXPECT_EQ(command(0xef), well);
  EXPECT_EQ(command(0xe5), well);
  EXPECT_EQ(command(0xe1), well);
  EXPECT_EQ(command(0x08), well);
  EXPECT_EQ(piece(), 0xeb14u);
  EXPECT_EQ(command(0x20), wrong);
}

}  // namespace
}  // namespace gdbvm::ide
