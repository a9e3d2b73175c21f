// Mode 3's values.
#include "vmm/devices/vga/registers.h"

namespace gdbvm::vga {

namespace {

constexpr unsigned component(unsigned colour, unsigned strong, unsigned weak) {
  return (colour >> strong & 1) * 0x2a + (colour >> weak & 1) * 0x15;
}

}  // namespace

unsigned lines_of(const Registers& r) {
  const unsigned overflow = r.crtc[crtc::overflow];
  return (r.crtc[crtc::lines] | (overflow & 0x02) << 7 | (overflow & 0x40) << 3) + 1;
}

bool is_shown(const Registers& r) {
  constexpr std::uint8_t screen_off = 0x20;
  return r.attribute_index & attribute::display_on && !(r.sequencer[sequencer::clocking] & screen_off);
}

Registers text_mode() {
  Registers r{};
  r.crtc = {0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0x00,
            0x00, 0x00, 0x00, 0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff};
  r.sequencer = {0x03, 0x00, 0x03, 0x00, 0x02};
  r.graphics = {0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff};
  r.attribute = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3a,
                 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x0c, 0x00, 0x0f, 0x08, 0x00};
  r.attribute_index = attribute::display_on;
  r.miscellaneous = 0x67;
  r.enable = 1;
  r.palette_mask = 0xff;
  constexpr unsigned colours = 64;  // those of an EGA
  for (unsigned colour = 0; colour < colours; ++colour) {
    r.palette[3 * colour] = static_cast<std::uint8_t>(component(colour, 2, 5));
    r.palette[3 * colour + 1] = static_cast<std::uint8_t>(component(colour, 1, 4));
    r.palette[3 * colour + 2] = static_cast<std::uint8_t>(component(colour, 0, 3));
  }
  return r;
}

}  // namespace gdbvm::vga
