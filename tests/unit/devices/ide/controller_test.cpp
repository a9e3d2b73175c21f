// Two channels with drives here and there, their resets and interrupts, and the state of all of it.
#include "vmm/devices/ide/controller.h"

#include "tests/unit/devices/ide/ide_fixture.h"

namespace gdbvm::ide {
namespace {

class ControllerTest : public IdeTest {
 protected:
  ControllerTest() {
    controller.set_drive(0, std::make_unique<AtaDisk>(file.path(), DiskMode::ReadOnly));
    controller.set_drive(1, std::make_unique<Cdrom>(file.path()));
  }
  unsigned signature() { return reg(port::mid) | reg(port::high) << 8; }

  DiskFile file{4096 * 512};
};

TEST_F(ControllerTest, TellsDrivesApart) {
  EXPECT_EQ(signature(), 0u);
  reg(port::device, 0x10);
  EXPECT_EQ(signature(), 0xeb14u);
  base = 0x170;
  EXPECT_EQ(alternate(), 0xffu) << "nobody is there";
  EXPECT_EQ(signature(), 0xffffu);
  reg(port::status, 0xec);
  EXPECT_EQ(in<std::uint16_t>(base), 0xffffu);
  base = 0x1f0;
  controller.set_drive(1, nullptr);
  EXPECT_EQ(alternate(), 0u) << "the first answers for the second";
  reg(port::status, 0xec);
  EXPECT_EQ(alternate(), 0u);
  EXPECT_FALSE(line[0]);
}

TEST_F(ControllerTest, BothDrivesKeepTheRegisters) {
  reg(port::count, 0x55);
  reg(port::device, 0x10);
  EXPECT_EQ(reg(port::count), 0x55u);
  out<std::uint16_t>(0x1f2, 0x1234);  // two registers at once
  EXPECT_EQ(reg(port::count), 0x34u);
  EXPECT_EQ(in<std::uint16_t>(0x1f2), 0x1234u);
}

TEST_F(ControllerTest, ResetsAChannel) {
  command(0xec);
  reg(port::device, 0x10);
  out(0x3f6, std::uint8_t{4});
  EXPECT_EQ(alternate(), 0x80u);
  reg(port::status, 0xec);  // nobody listens
  out(0x3f6, std::uint8_t{0});
  EXPECT_EQ(alternate(), well);
  EXPECT_EQ(reg(port::error), 1u);
  EXPECT_EQ(reg(port::count) | reg(port::low) << 8, 0x101u);
  EXPECT_EQ(signature(), 0u) << "the first is selected";
  EXPECT_FALSE(line[0]);
}

TEST_F(ControllerTest, DiagnosesBothDrives) {
  reg(port::device, 0x10);
  EXPECT_EQ(command(0x90), well);
  EXPECT_EQ(reg(port::error), 1u);
  EXPECT_EQ(signature(), 0u);
  EXPECT_TRUE(line[0]);
}

TEST_F(ControllerTest, InterruptsUnlessItIsToldNotTo) {
  out(0x3f6, std::uint8_t{2});
  command(0xec);
  EXPECT_FALSE(line[0]);
  out(0x3f6, std::uint8_t{0});
  EXPECT_TRUE(line[0]);
  EXPECT_FALSE(line[1]);
  EXPECT_TRUE(in(master_ports + 2) & 4) << "the bus master knows";
  reg(port::status);
  EXPECT_FALSE(line[0]);
}

TEST_F(ControllerTest, TheSecondChannelHasItsOwnInterrupt) {
  controller.set_drive(2, std::make_unique<AtaDisk>(file.path(), DiskMode::ReadOnly));
  base = 0x170;
  command(0xec);
  EXPECT_TRUE(line[1]);
  EXPECT_FALSE(line[0]);
  EXPECT_TRUE(in(master_ports + 8 + 2) & 4);
}

TEST_F(ControllerTest, ItsBusMastersAreWhereTheGuestPutsThem) {
  PciFunction& function = controller.function();
  EXPECT_EQ(function.word(0), 0x70108086u);
  EXPECT_EQ(function.word(8) >> 8, 0x010180u);
  EXPECT_NE(in(master_ports + 2), 0xff);
  const std::uint32_t all = ~std::uint32_t{0}, other = 0xd000;
  const auto write = [&](std::size_t at, const std::uint32_t& value) {
    function.write(at, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  };
  write(0x20, all);
  EXPECT_EQ(function.word(0x20), 0xfffffff1u) << "16 ports";
  EXPECT_EQ(in(0xfff2), 0xff) << "beyond all ports";
  write(0x20, other);
  EXPECT_EQ(in(master_ports + 2), 0xff);
  EXPECT_NE(in(0xd002), 0xff);
  write(0x04, 0);
  EXPECT_EQ(in(0xd002), 0xff);
  function.reset();
  EXPECT_NE(in(master_ports + 2), 0xff);
}

TEST_F(ControllerTest, GoesOnFromItsState) {
  put_sector(file, 1, "one");
  put_sector(file, 2, "two");
  command(0x20, 1, 2);
  read(512);
  in<std::uint16_t>(base);
  out(master_ports + 4, std::uint32_t{0x1234});
  const StateBytes state = saved(controller);
  bus.reset();
  EXPECT_FALSE(line[0]);
  EXPECT_EQ(alternate(), well);
  EXPECT_EQ(in<std::uint32_t>(master_ports + 4), 0u);
  expect_truncated_is_refused(controller, state);
  restore(controller, state);
  EXPECT_EQ(saved(controller), state);
  EXPECT_EQ(in<std::uint32_t>(master_ports + 4), 0x1234u);
  EXPECT_EQ(read(510).substr(0, 1), "o");
  EXPECT_EQ(reg(port::status), well);
}

TEST_F(ControllerTest, RefusesATransferThatLeavesItsBuffer) {
  command(0x20, 1, 1);
  StateBytes state = saved(controller);
  const auto size = state.size();
  bool refused = false;
  for (std::size_t at = 0; at + 4 < size; ++at) {
    StateBytes forged = with(state, at, std::uint32_t{0x7fffffff});
    StateReader reader(forged);
    try {
      controller.restore(reader);
    } catch (const StateError&) {
      refused = true;
      EXPECT_EQ(saved(controller), state);
      continue;
    }
    read(2048);
    restore(controller, state);
  }
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace gdbvm::ide
