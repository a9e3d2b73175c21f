// A VGA's registers: what reads back, what is protected, and the retrace.
#include "vmm/devices/vga/vga.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

class VgaTest : public testing::Test {
 protected:
  VgaTest() {
    for (const auto& [first, count] : Vga::ports) bus.attach(first, count, vga, first);
  }
  std::uint8_t in(std::uint16_t port) {
    std::uint8_t value = 0;
    bus.read(port, std::span(&value, 1));
    return value;
  }
  void out(std::uint16_t port, std::uint8_t value) { bus.write(port, std::span(&value, 1)); }
  // A register that an index chooses.
  std::uint8_t get(std::uint16_t port, std::uint8_t index) {
    out(port, index);
    return in(static_cast<std::uint16_t>(port + 1));
  }
  void set(std::uint16_t port, std::uint8_t index, std::uint8_t value) {
    out(port, index);
    out(static_cast<std::uint16_t>(port + 1), value);
  }
  std::uint8_t get_attribute(std::uint8_t index) {
    in(0x3da);
    return get(0x3c0, index);
  }

  std::chrono::nanoseconds now{0};
  Vga vga{[this] { return now; }};
  Bus bus;
};

constexpr std::uint16_t crtc = 0x3d4, sequencer = 0x3c4, graphics = 0x3ce;

TEST_F(VgaTest, IsInTextModeAfterPowerOn) {
  EXPECT_EQ(get(crtc, 0x01), 79);
  EXPECT_EQ(get(crtc, 0x13), 40);
  EXPECT_EQ(get(sequencer, 2), 0x03);
  EXPECT_EQ(get(graphics, 6), 0x0e);
  EXPECT_EQ(get_attribute(0x10), 0x0c);
  EXPECT_EQ(in(0x3cc), 0x67);
}

TEST_F(VgaTest, RegistersReadBack) {
  for (const std::uint16_t port : {crtc, sequencer, graphics}) {
    set(port, 4, 0x5a);
    EXPECT_EQ(in(port), 4);
  }
  set(crtc, 0x0f, 0xa5);
  EXPECT_EQ(get(crtc, 0x0f), 0xa5);
  EXPECT_EQ(get(sequencer, 4), 0x5a);
  EXPECT_EQ(get(graphics, 4), 0x5a);
  out(0x3da, 3);
  EXPECT_EQ(in(0x3ca), 3);
  out(0x3c6, 0x0f);
  EXPECT_EQ(in(0x3c6), 0x0f);
}

TEST_F(VgaTest, RegistersThatAreNotThereReadAllOnes) {
  set(crtc, 0x19, 1);
  EXPECT_EQ(get(crtc, 0x19), 0xff);
  EXPECT_EQ(get(sequencer, 5), 0xff);
  EXPECT_EQ(get(graphics, 0xff), 0xff);
  EXPECT_EQ(get_attribute(0x15), 0xff);
}

TEST_F(VgaTest, AWordIsAnIndexAndItsData) {
  const std::array<std::uint8_t, 2> word{0x0e, 0x12};
  bus.write(crtc, word);
  EXPECT_EQ(get(crtc, 0x0e), 0x12);
}

TEST_F(VgaTest, TheFirstCrtcRegistersCanBeProtected) {
  EXPECT_EQ(get(crtc, 0x11) & 0x80, 0x80);
  set(crtc, 0x01, 39);
  EXPECT_EQ(get(crtc, 0x01), 79);
  set(crtc, 0x07, 0x00);
  EXPECT_EQ(get(crtc, 0x07), 0x0f) << "but for the line compare's bit";
  set(crtc, 0x11, 0x0e);
  set(crtc, 0x01, 39);
  EXPECT_EQ(get(crtc, 0x01), 39);
}

TEST_F(VgaTest, OnePortTakesAttributesIndicesAndData) {
  in(0x3da);
  out(0x3c0, 0x21);
  out(0x3c0, 0x3f);
  EXPECT_EQ(in(0x3c0), 0x21);
  EXPECT_EQ(in(0x3c1), 0x3f);
  out(0x3c0, 0x22);
  in(0x3da);  // an index is next again
  out(0x3c0, 0x23);
  EXPECT_EQ(in(0x3c0), 0x23);
}

TEST_F(VgaTest, ThePaletteHasSixBitsForEachComponent) {
  EXPECT_EQ(in(0x3c7), 0);
  out(0x3c7, 6);
  EXPECT_EQ(in(0x3c7), 3);
  EXPECT_EQ(in(0x3c9), 0x2a);
  EXPECT_EQ(in(0x3c9), 0x2a);
  EXPECT_EQ(in(0x3c9), 0x00);
  out(0x3c8, 255);
  for (const std::uint8_t value : {0xff, 2, 3, 4}) out(0x3c9, value);
  EXPECT_EQ(in(0x3c8), 0);
  out(0x3c7, 255);
  EXPECT_EQ(in(0x3c9), 0x3f);
  EXPECT_EQ(in(0x3c9), 2);
  EXPECT_EQ(in(0x3c9), 3);
  EXPECT_EQ(in(0x3c9), 4) << "after the last colour comes the first";
}

TEST_F(VgaTest, TheRetraceComesSeventyTimesASecond) {
  int retraces = 0;
  bool before = false;
  for (now = 0ns; now < 1s; now += 100us) {
    const bool retrace = in(0x3da) & 8;
    if (retrace && !before) ++retraces;
    before = retrace;
  }
  EXPECT_EQ(retraces, 70);
}

TEST_F(VgaTest, NothingIsDisplayedAtTheEndOfALine) {
  now = 20us;
  EXPECT_EQ(in(0x3da), 0);
  now = 30us;
  EXPECT_EQ(in(0x3da), 1);
  now = 13ms;
  EXPECT_EQ(in(0x3da), 9);
}

TEST_F(VgaTest, SomePortsMoveWithTheMonochromeDisplay) {
  EXPECT_EQ(in(0x3b4), 0xff);
  out(0x3c2, 0x66);
  EXPECT_EQ(get(0x3b4, 0x01), 79);
  EXPECT_EQ(in(0x3d5), 0xff);
  EXPECT_EQ(in(0x3ba), 0);
  out(0x3c2, 0x67);
  EXPECT_EQ(in(0x3d5), 79);
}

TEST_F(VgaTest, ResetGoesBackToText) {
  set(graphics, 6, 5);
  bus.reset();
  EXPECT_EQ(get(graphics, 6), 0x0e);
}

TEST_F(VgaTest, ItsStateIsRestored) {
  set(crtc, 0x0f, 0x33);
  in(0x3da);
  out(0x3c0, 0x30);
  out(0x3c8, 1);
  out(0x3c9, 9);
  const StateBytes state = saved(vga);
  bus.reset();
  expect_truncated_is_refused(vga, state);
  restore(vga, state);
  EXPECT_EQ(saved(vga), state);
  out(0x3c0, 0x12);
  EXPECT_EQ(in(0x3c1), 0x12);
  EXPECT_EQ(get(crtc, 0x0f), 0x33);
}

}  // namespace
}  // namespace gdbvm
