// A linear framebuffer: found through PCI, in 32 bits a pixel by Bochs's registers, and then in 16 bits, larger than
// what is seen of it.
#include "lib/serial.h"

enum { config_address = 0xcf8, config_data = 0xcfc, index_port = 0x1ce, data_port = 0x1cf };
enum { id, x_resolution, y_resolution, bits, enable, bank, virtual_width, virtual_height, x_offset, y_offset, memory };
enum { width = 320, height = 240, enabled = 1, linear = 0x40 };

static uint32_t pci_read(unsigned device, unsigned at) {
  out32(config_address, 1u << 31 | device << 11 | at);
  return in32(config_data);
}
static void pci_write(unsigned device, unsigned at, uint32_t value) {
  out32(config_address, 1u << 31 | device << 11 | at);
  out32(config_data, value);
}
static uint16_t get(uint16_t index) {
  out16(index_port, index);
  return in16(data_port);
}
static void set(uint16_t index, uint16_t value) {
  out16(index_port, index);
  out16(data_port, value);
}
static void set_mode(uint16_t depth) {
  set(enable, 0);
  set(x_resolution, width);
  set(y_resolution, height);
  set(bits, depth);
  set(enable, enabled | linear);
}

void drawn(void) { __asm__ volatile("nop"); }

int kernel_main(void) {
  unsigned device = 0;
  while (device < 32 && pci_read(device, 8) >> 8 != 0x030000) device++;
  put_string("linear: function ");
  put_hex(pci_read(device, 0));
  const uint32_t base = pci_read(device, 0x10);
  pci_write(device, 0x10, ~0u);
  put_string(" has ");
  put_unsigned((~(pci_read(device, 0x10) & ~15u) + 1) >> 20);
  pci_write(device, 0x10, base);
  put_line(" MiB, by its registers", get(memory) / 16);
  put_string("linear: interface ");
  put_hex(get(id));
  put_char('\n');

  set_mode(32);
  volatile uint32_t* const pixels = (volatile uint32_t*)(uintptr_t)(base & ~15u);
  for (unsigned y = 0; y < height; y++) {
    for (unsigned x = 0; x < width; x++) pixels[y * width + x] = (x & 255) << 16 | y << 8 | 0x40;
  }
  drawn();

  set_mode(16);
  set(virtual_width, 2 * width);
  volatile uint16_t* const words = (volatile uint16_t*)pixels;
  for (unsigned i = 0; i < 2 * width * 2 * height; i++) words[i] = (uint16_t)i;
  set(x_offset, 10);
  set(y_offset, 20);
  put_line("linear: rows", get(virtual_height));
  drawn();
  set(enable, 0);
  return 0;
}
