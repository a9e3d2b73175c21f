// The mouse, polled: where it has been moved to is printed when the left button goes down, and the right one ends it.
#include "lib/serial.h"

enum { data = 0x60, control = 0x64, full = 1, write_command_byte = 0x60, write_to_mouse = 0xd4 };
enum { set_rate = 0xf3, start_reporting = 0xf4, left = 1, right = 2, leftwards = 0x10, downwards = 0x20 };

static uint8_t take(void) {
  while (!(in8(control) & full)) {
  }
  return in8(data);
}
static void tell(uint8_t byte) {
  out8(control, write_to_mouse);
  out8(data, byte);
  take();
}

int kernel_main(void) {
  out8(control, write_command_byte);
  out8(data, 0x44);  // both devices, no interrupts
  for (const char* rate = "\xc8\x64\x50"; *rate; rate++) tell(set_rate), tell((uint8_t)*rate);  // and a wheel
  tell(start_reporting);
  put_string("mouse: ready\n");
  int x = 0, y = 0, wheel = 0;
  unsigned before = 0;
  for (;;) {
    const unsigned first = take();
    x += take() - (first & leftwards ? 256 : 0);
    y += take() - (first & downwards ? 256 : 0);
    wheel += (int8_t)take();
    if (first & left & ~before) {
      put_line("mouse: right by", (unsigned)x);
      put_line("mouse: down by", (unsigned)-y);
      put_line("mouse: wheel", (unsigned)wheel);
    }
    if (first & right) return 0;
    before = first;
  }
}
