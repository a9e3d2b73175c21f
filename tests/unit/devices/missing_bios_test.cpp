// Calls of a BIOS that is not there.
#include "vmm/devices/missing_bios.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gdbvm {
namespace {

class MissingBiosTest : public testing::Test {
 protected:
  MissingBiosTest() {
    bios.set_tell([this](std::string_view text) { told.emplace_back(text); });
    bus.attach(MissingBios::port, MissingBios::port_count, bios);
  }
  void write(std::vector<std::uint8_t> bytes) { bus.write(MissingBios::port, bytes); }

  Bus bus;
  MissingBios bios;
  std::vector<std::string> told;
};

TEST_F(MissingBiosTest, TellsOfTheFirstCallAlone) {
  write({0xcd, 0x13});
  write({0xcd, 0x10});
  bus.reset();
  write({0xcd, 0x10});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0],
            "the guest calls a BIOS (int 0x13), and there is none: SeaBIOS starts boot sectors and disks without "
            "--boot flat");
}

TEST_F(MissingBiosTest, HearsNothingElse) {
  write({0xcd});
  write({0x9c, 0x10});
  bus.write(MissingBios::port + 1, std::vector<std::uint8_t>{0xcd});
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace gdbvm
