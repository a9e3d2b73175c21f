// Transfers by descriptors in memory.
#include "vmm/devices/ide/bus_master.h"

#include "tests/unit/devices/ide/ide_fixture.h"

namespace gdbvm::ide {
namespace {

constexpr std::uint8_t start = 1, to_memory = 8, active = 1, failed_bit = 2, interrupted = 4;

class BusMasterTest : public IdeTest {
 protected:
  BusMasterTest() { controller.set_drive(0, std::make_unique<AtaDisk>(file.path(), DiskMode::ReadWrite)); }
  void master(unsigned value) { out(master_ports, static_cast<std::uint8_t>(value)); }
  unsigned master_status() { return in(master_ports + 2) & 7u; }
  void acknowledge() {
    reg(port::status);
    out(master_ports + 2, std::uint8_t{failed_bit | interrupted});
  }

  DiskFile file{4096 * 512};
};

TEST_F(BusMasterTest, ReadsIntoScatteredMemory) {
  put_sector(file, 5, std::string(300, 'a') + std::string(212, 'b') + "c");
  table({{0x3000, 300}, {0x5000, 724}});
  EXPECT_EQ(command(0xc8, 5, 2), drq);
  EXPECT_FALSE(line[0]);
  master(start | to_memory);
  EXPECT_TRUE(line[0]);
  EXPECT_EQ(master_status(), interrupted);
  EXPECT_EQ(alternate(), well);
  EXPECT_EQ(in_memory(0x3000, 301), std::string(300, 'a') + '\0');
  EXPECT_EQ(in_memory(0x5000, 213), std::string(212, 'b') + 'c');
  acknowledge();
  EXPECT_EQ(master_status(), 0u);
}

TEST_F(BusMasterTest, WritesFromMemory) {
  put_in_memory(0x3000, "from memory");
  table({{0x3000, 512}});
  master(start);
  EXPECT_EQ(master_status(), active) << "started before the command";
  command(0xca, 6, 1);
  EXPECT_EQ(master_status(), interrupted);
  const auto bytes = file.bytes(6 * 512, 11);
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "from memory");
}

TEST_F(BusMasterTest, WaitsInTheOtherDirectionAndForAStart) {
  table({{0x3000, 512}});
  put_in_memory(0x3000, "stays");
  command(0xc8, 5, 1);
  master(start);
  EXPECT_EQ(master_status(), active);
  EXPECT_EQ(in_memory(0x3000, 5), "stays");
  master(0);
  EXPECT_EQ(master_status(), 0u);
  master(start | to_memory);
  EXPECT_EQ(master_status(), interrupted);
  EXPECT_EQ(in_memory(0x3000, 1), std::string(1, '\0'));
}

TEST_F(BusMasterTest, ATableThatIsTooLongStaysActiveAndOneTooShortDoesNotInterrupt) {
  table({{0x3000, 512}, {0x4000, 512}});
  command(0xc8, 5, 1);
  master(start | to_memory);
  EXPECT_EQ(master_status(), active | interrupted);
  acknowledge();
  master(0);
  table({{0x3000, 512}});
  command(0xc8, 5, 2);
  master(start | to_memory);
  EXPECT_EQ(master_status(), 0u);
  EXPECT_EQ(alternate(), drq);
  EXPECT_FALSE(line[0]);
}

TEST_F(BusMasterTest, ADescriptorOfSize0Has64KiB) {
  put_sector(file, 127, "the last of them");
  table({{0x10000, 0}});
  command(0xc8, 0, 128);
  master(start | to_memory);
  EXPECT_EQ(master_status(), interrupted);
  EXPECT_EQ(in_memory(0x1fe00, 4), "the ");
}

TEST_F(BusMasterTest, FailsWhereNoMemoryIs) {
  table({{0x40000000, 512}});
  command(0xc8, 5, 1);
  master(start | to_memory);
  EXPECT_EQ(master_status() & (active | failed_bit), failed_bit);
  master(0);
  out(master_ports + 4, std::uint32_t{0x40000000});
  command(0xca, 5, 1);
  master(start);
  EXPECT_EQ(master_status() & (active | failed_bit), failed_bit);
}

TEST_F(BusMasterTest, TellsWhenTheHostCannotRead) {
  file.cut(512);
  table({{0x3000, 512}});
  command(0xc8, 5, 1);
  master(start | to_memory);
  EXPECT_EQ(alternate(), wrong);
  EXPECT_EQ(reg(port::error), 0x40u);
  EXPECT_TRUE(line[0]);
}

}  // namespace
}  // namespace gdbvm::ide
