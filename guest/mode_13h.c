// Mode 13h, set by its registers: 320 by 200 pixels in 256 colours of the guest's own.
#include "lib/serial.h"

enum { width = 320, height = 200 };
enum {
  attribute = 0x3c0,
  miscellaneous = 0x3c2,
  sequencer = 0x3c4,
  dac_read = 0x3c7,
  dac_write,
  dac,
  graphics = 0x3ce,
  crtc = 0x3d4,
  status = 0x3da
};

static const uint8_t sequencer_values[] = {0x03, 0x01, 0x0f, 0x00, 0x0e};
static const uint8_t crtc_values[] = {0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0xbf, 0x1f, 0x00, 0x41, 0x00, 0x00, 0x00,
                                      0x00, 0x00, 0x00, 0x9c, 0x0e, 0x8f, 0x28, 0x40, 0x96, 0xb9, 0xa3, 0xff};
static const uint8_t graphics_values[] = {0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0f, 0xff};
static volatile uint8_t* const pixels = (volatile uint8_t*)0xa0000;

static void set(uint16_t port, const uint8_t* values, unsigned count) {
  for (unsigned i = 0; i < count; i++) out16(port, (uint16_t)(values[i] << 8 | i));
}
static void set_attribute(uint8_t index, uint8_t value) {
  out8(attribute, index);
  out8(attribute, value);
}

void drawn(void) { __asm__ volatile("nop"); }

int kernel_main(void) {
  out8(miscellaneous, 0x63);
  set(sequencer, sequencer_values, sizeof sequencer_values);
  out16(crtc, 0x0e11);  // the first registers are not protected
  set(crtc, crtc_values, sizeof crtc_values);
  set(graphics, graphics_values, sizeof graphics_values);
  in8(status);
  for (uint8_t i = 0; i < 16; i++) set_attribute(i, i);
  set_attribute(0x10, 0x41);
  out8(attribute, 0x20);
  out8(dac_write, 0);
  for (unsigned i = 0; i < 256; i++) {
    out8(dac, (uint8_t)(i / 4));
    out8(dac, (uint8_t)(63 - i / 4));
    out8(dac, (uint8_t)(i % 64));
  }
  for (unsigned y = 0; y < height; y++) {
    for (unsigned x = 0; x < width; x++) pixels[y * width + x] = (uint8_t)(x + y);
  }
  drawn();
  out8(dac_read, 200);
  put_line("mode 13h: red", in8(dac));
  put_line("mode 13h: green", in8(dac));
  put_line("mode 13h: blue", in8(dac));
  return 0;
}
