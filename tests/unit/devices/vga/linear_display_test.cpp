// Bochs's display interface as drivers use it, and the PCI function by which they find the framebuffer.
#include "vmm/devices/vga/linear_display.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/unit/devices/saved_state.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/page_set.h"

namespace gdbvm {
namespace {

using namespace vga::linear;

constexpr std::uint64_t mib = 1 << 20;
constexpr Gpa framebuffer{0xfd000000};

class LinearDisplayTest : public testing::Test {
 protected:
  LinearDisplayTest() {
    bus.attach(LinearDisplay::port, LinearDisplay::port_count, display);
    memory_bus.attach_movable(display.address(), 16 * mib, display.window());
  }
  std::uint16_t in(std::uint16_t port) {
    std::uint16_t value = 0;
    bus.read(port, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  void out(std::uint16_t port, std::uint16_t value) {
    bus.write(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  std::uint16_t get(std::uint16_t index) {
    out(0x1ce, index);
    return in(0x1cf);
  }
  void set(std::uint16_t index, std::uint16_t value) {
    out(0x1ce, index);
    out(0x1cf, value);
  }
  void set_mode(std::uint16_t width_, std::uint16_t height_, std::uint16_t depth_, std::uint16_t flags = 0) {
    set(enable, 0);
    set(vga::linear::width, width_);
    set(height, height_);
    set(depth, depth_);
    set(enable, enabled | flags);
  }
  std::uint8_t pixel(std::uint64_t at) const { return static_cast<std::uint8_t>(*memory.at(framebuffer + at, 1)); }
  void put(std::uint64_t at, std::uint8_t value) { ASSERT_TRUE(memory.write(framebuffer + at, {&value, 1})); }
  std::uint32_t configuration(std::size_t at) {
    std::uint32_t value = 0;
    display.function().read(at, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  void configure(std::size_t at, std::uint32_t value) {
    display.function().write(at, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }

  GuestMemory memory{mib, {}, GuestMemory::Range{framebuffer, 16 * mib}};
  LinearDisplay display{memory};
  Bus bus;
  MemoryBus memory_bus;
};

TEST_F(LinearDisplayTest, TellsWhatItIs) {
  EXPECT_EQ(get(id), 0xb0c5);
  set(id, 0xb0c2);
  EXPECT_EQ(get(id), 0xb0c2);
  set(id, 0xb0c6);
  EXPECT_EQ(get(id), 0xb0c2) << "a newer one is not there";
  EXPECT_EQ(get(memory_64k), 256);
  EXPECT_EQ(get(count + 1), 0);
  EXPECT_EQ(in(0x1ce), count + 1);
  EXPECT_EQ(in(0x1d0), 0) << "the data, where other machines have them";
  std::uint8_t byte = 0;
  bus.read(0x1ce, {&byte, 1});
  EXPECT_EQ(byte, 0xff) << "registers are words";
}

TEST_F(LinearDisplayTest, TellsWhatItCan) {
  set_mode(640, 480, 16);
  EXPECT_EQ(get(vga::linear::width), 640);
  set(enable, enabled | capabilities);
  EXPECT_EQ(get(vga::linear::width), most_width);
  EXPECT_EQ(get(height), most_height);
  EXPECT_EQ(get(depth), most_depth);
  set(enable, enabled);
  EXPECT_EQ(get(height), 480);
}

TEST_F(LinearDisplayTest, ShowsTheModeThatIsSet) {
  EXPECT_FALSE(display.mode());
  set_mode(800, 600, 24);
  EXPECT_EQ(display.mode(),
            (vga::LinearMode{.width = 800, .height = 600, .depth = 24, .start = 0, .bytes_per_row = 2400}));
  EXPECT_EQ(get(virtual_width), 800);
  EXPECT_EQ(get(virtual_height), 6990);
  set(virtual_width, 1600);
  set(virtual_height, 5);
  EXPECT_EQ(get(virtual_height), 3495) << "it follows from the width";
  set(y_offset, 600);
  EXPECT_EQ(display.mode()->start, 600u * 4800);
  set(enable, 0);
  EXPECT_FALSE(display.mode());
}

TEST_F(LinearDisplayTest, ANewModeStartsBlack) {
  memory.note_writes(true);
  put(0, 1);
  put(8 * 8 * 4 - 1, 2);
  put(8 * 8 * 4, 3);
  memory.written()->clear();
  set_mode(8, 8, 32, no_clear);
  EXPECT_EQ(pixel(0), 1);
  EXPECT_FALSE(memory.written()->contains(memory.number_of(framebuffer)));
  set_mode(8, 8, 32);
  EXPECT_EQ(pixel(0), 0);
  EXPECT_EQ(pixel(8 * 8 * 4 - 1), 0);
  EXPECT_EQ(pixel(8 * 8 * 4), 3) << "it is not part of the picture";
  EXPECT_TRUE(memory.written()->contains(memory.number_of(framebuffer))) << "for snapshots";
  put(0, 4);
  set(enable, enabled);
  EXPECT_EQ(pixel(0), 4) << "it was on already";
}

TEST_F(LinearDisplayTest, IsFoundByPci) {
  EXPECT_EQ(configuration(0), 0x11111234u);
  EXPECT_EQ(configuration(8), 0x03000000u);
  EXPECT_EQ(configuration(4) & 3, 3u) << "ports and memory are on, as firmware leaves them";
  EXPECT_EQ(configuration(0x10), 0xfd000008u);
  configure(0x10, 0xffffffff);
  EXPECT_EQ(configuration(0x10), 0xff000008u) << "16 MiB";
}

TEST_F(LinearDisplayTest, TheFramebufferIsWhereItIsMovedTo) {
  configure(0x10, 0xe0000000);
  const std::uint32_t value = 0x12345678;
  memory_bus.write({0xe0000100}, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  EXPECT_EQ(pixel(0x100), 0x78);
  std::uint32_t read = 0;
  memory_bus.read({0xe0000100}, {reinterpret_cast<std::uint8_t*>(&read), sizeof read});
  EXPECT_EQ(read, value);
  memory_bus.read({0xe1000000}, {reinterpret_cast<std::uint8_t*>(&read), sizeof read});
  EXPECT_EQ(read, 0xffffffff);
}

TEST_F(LinearDisplayTest, ItsStateIsRestored) {
  set_mode(320, 200, 8);
  set(bank, 7);
  const StateBytes state = saved(display);
  bus.reset();
  EXPECT_FALSE(display.mode());
  expect_truncated_is_refused(display, state);
  restore(display, state);
  EXPECT_EQ(saved(display), state);
  EXPECT_EQ(display.mode()->width, 320u);
  EXPECT_EQ(in(0x1cf), 7);
}

}  // namespace
}  // namespace gdbvm
