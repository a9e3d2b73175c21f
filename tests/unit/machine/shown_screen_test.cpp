// Which of the display's parts is seen.
#include "vmm/machine/shown_screen.h"

#include <gtest/gtest.h>

#include <cstring>

#include "vmm/devices/vga/linear_display.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/machine/chipset.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {
namespace {

class ShownScreenTest : public testing::Test {
 protected:
  ShownScreenTest() {
    chipset.display = &display;
    chipset.linear_display = &linear;
  }
  void set_linear(std::uint16_t index, std::uint16_t value) {
    for (const auto& [offset, word] : {std::pair{0, index}, std::pair{1, value}}) {
      std::array<std::uint8_t, 2> bytes{};
      std::memcpy(bytes.data(), &word, sizeof word);
      linear.write(static_cast<std::uint16_t>(offset), bytes);
    }
  }
  void set(std::uint16_t port, std::uint8_t index, std::uint8_t value) {
    display.write(port, std::span(&index, 1));
    display.write(static_cast<std::uint16_t>(port + 1), std::span(&value, 1));
  }
  std::string why_not() const {
    const auto picture = shown_picture(chipset, memory);
    return picture ? "" : picture.error();
  }

  GuestMemory memory{1 << 20, {}, GuestMemory::Range{{0xfd000000}, 1 << 20}};
  Chipset chipset{1};
  Vga display{[] { return std::chrono::nanoseconds(0); }};
  LinearDisplay linear{memory};
};

TEST_F(ShownScreenTest, TextAtFirst) {
  EXPECT_TRUE(shown_text(chipset, memory));
  EXPECT_EQ(shown_picture(chipset, memory)->width, 720u);
}

TEST_F(ShownScreenTest, TheLinearFramebufferHidesTheRest) {
  set_linear(vga::linear::width, 64);
  set_linear(vga::linear::height, 32);
  set_linear(vga::linear::depth, 32);
  set_linear(vga::linear::enable, vga::linear::enabled);
  EXPECT_FALSE(shown_text(chipset, memory));
  EXPECT_EQ(shown_picture(chipset, memory)->width, 64u);
  set(0x3c4, 1, 0x20);
  EXPECT_EQ(why_not(), "") << "what switches the VGA off is not in its way";
  set_linear(vga::linear::enable, 0);
  EXPECT_EQ(why_not(), "the screen is switched off");
}

TEST_F(ShownScreenTest, ScreensWithoutAPicture) {
  const std::uint8_t off = 0;
  display.write(0x3c0, {&off, 1});
  EXPECT_EQ(why_not(), "the screen is switched off");
  std::uint8_t status = 0;
  display.read(0x3da, {&status, 1});
  const std::uint8_t on = 0x20;
  display.write(0x3c0, {&on, 1});
  EXPECT_EQ(why_not(), "");
  set(0x3ce, 6, 5);
  EXPECT_EQ(why_not(), "the display is in a mode of 16 colours, whose planes gdbvm does not have");
  set_linear(vga::linear::depth, 4);
  set_linear(vga::linear::enable, vga::linear::enabled);
  EXPECT_EQ(why_not(), "the display is in a mode of 16 colours, whose planes gdbvm does not have");
}

}  // namespace
}  // namespace gdbvm
