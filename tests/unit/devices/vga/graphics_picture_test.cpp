// Pixels of mode 13h and of linear framebuffers.
#include "vmm/devices/vga/graphics_picture.h"

#include <gtest/gtest.h>

#include "vmm/memory/guest_memory.h"

namespace gdbvm::vga {
namespace {

constexpr Gpa framebuffer{0xfd000000};

class GraphicsPictureTest : public testing::Test {
 protected:
  GraphicsPictureTest() { set_colour(5, 63, 32, 0); }
  void set_colour(unsigned number, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    registers.palette[3 * number] = red;
    registers.palette[3 * number + 1] = green;
    registers.palette[3 * number + 2] = blue;
  }
  // As a BIOS sets them.
  void use_mode_13h() {
    registers.crtc = {0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0xbf, 0x1f, 0x00, 0x41, 0x00, 0x00, 0x00,
                      0x00, 0x00, 0x00, 0x9c, 0x8e, 0x8f, 0x28, 0x40, 0x96, 0xb9, 0xa3, 0xff};
    registers.sequencer = {0x03, 0x01, 0x0f, 0x00, 0x0e};
    registers.graphics = {0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0f, 0xff};
  }
  void put(Gpa at, std::initializer_list<std::uint8_t> bytes) {
    ASSERT_TRUE(memory.write(at, std::vector<std::uint8_t>(bytes)));
  }
  Picture linear(unsigned depth, std::uint64_t start = 0) const {
    const LinearMode mode{.width = 16, .height = 4, .depth = depth, .start = start, .bytes_per_row = 128};
    return draw_linear(mode, registers, memory).value();
  }

  GuestMemory memory{1 << 20, {}, GuestMemory::Range{framebuffer, 1 << 20}};
  Registers registers = text_mode();
};

constexpr Colour orange{255, 130, 0}, black{0, 0, 0};

TEST_F(GraphicsPictureTest, Mode13hHasAByteForEachPixel) {
  use_mode_13h();
  put({0xa0000 + 7 * 320 + 11}, {5});
  put({0xa0000 + 199 * 320 + 319}, {5});
  const Picture picture = draw_bytes(registers, memory).value();
  EXPECT_EQ(picture.width, 320u);
  EXPECT_EQ(picture.height, 200u);
  EXPECT_EQ(picture.at(7, 11), orange);
  EXPECT_EQ(picture.at(7, 12), black);
  EXPECT_EQ(picture.at(199, 319), orange);
}

TEST_F(GraphicsPictureTest, Mode13hScrollsAndWrapsAround) {
  use_mode_13h();
  put({0xa0000 + 320}, {5});
  registers.crtc[crtc::start_low] = 80;  // in units of four bytes
  EXPECT_EQ(draw_bytes(registers, memory)->at(0, 0), orange);
  registers.crtc[crtc::start_high] = 0x3f;
  registers.crtc[crtc::start_low] = 0xff;
  put({0xa0000}, {5});
  EXPECT_EQ(draw_bytes(registers, memory)->at(0, 4), orange);
}

TEST_F(GraphicsPictureTest, TheDacMasksColours) {
  use_mode_13h();
  put({0xa0000}, {0xf5});
  EXPECT_EQ(draw_bytes(registers, memory)->at(0, 0), black);
  registers.palette_mask = 0x0f;
  EXPECT_EQ(draw_bytes(registers, memory)->at(0, 0), orange);
}

TEST_F(GraphicsPictureTest, OtherModesHaveNoBytes) {
  EXPECT_FALSE(draw_bytes(registers, memory)) << "text";
  use_mode_13h();
  registers.sequencer[sequencer::memory_mode] = 0x06;
  EXPECT_FALSE(draw_bytes(registers, memory)) << "planes";
  use_mode_13h();
  registers.graphics[graphics::mode] = 0;
  EXPECT_FALSE(draw_bytes(registers, memory)) << "16 colours";
}

TEST_F(GraphicsPictureTest, EightBitsAreThePalettes) {
  put(framebuffer + 128 + 3, {5});
  EXPECT_EQ(linear(8).at(1, 3), orange);
}

TEST_F(GraphicsPictureTest, FifteenAndSixteenBits) {
  put(framebuffer + 2, {0xe0, 0x7b});  // 0 11110 11111 00000
  EXPECT_EQ(linear(15).at(0, 1), (Colour{0xf7, 0xff, 0}));
  put(framebuffer + 2, {0x1f, 0xf8});  // 11111 000000 11111
  EXPECT_EQ(linear(16).at(0, 1), (Colour{0xff, 0, 0xff}));
  put(framebuffer + 2, {0x20, 0x04});  // 00000 100001 00000
  EXPECT_EQ(linear(16).at(0, 1), (Colour{0, 0x86, 0}));
}

TEST_F(GraphicsPictureTest, TwentyFourAndThirtyTwoBits) {
  put(framebuffer + 128 + 3, {0x33, 0x22, 0x11});
  EXPECT_EQ(linear(24).at(1, 1), (Colour{0x11, 0x22, 0x33}));
  put(framebuffer + 128 + 4, {0x33, 0x22, 0x11, 0xff});
  EXPECT_EQ(linear(32).at(1, 1), (Colour{0x11, 0x22, 0x33}));
  EXPECT_EQ(linear(32, 128 + 4).at(0, 0), (Colour{0x11, 0x22, 0x33}));
}

TEST_F(GraphicsPictureTest, OfPlanesThereIsNoPicture) {
  const LinearMode mode{.width = 16, .height = 4, .depth = 4, .start = 0, .bytes_per_row = 8};
  EXPECT_FALSE(draw_linear(mode, registers, memory));
}

TEST_F(GraphicsPictureTest, AnyRegistersAreSomePicture) {
  use_mode_13h();
  registers.crtc.fill(0xff);
  EXPECT_LE(draw_bytes(registers, memory)->pixels.size(), 1024u * 1024);
  registers.crtc.fill(0);
  EXPECT_EQ(draw_bytes(registers, memory)->width, 4u);
}

}  // namespace
}  // namespace gdbvm::vga
