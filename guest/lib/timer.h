// The 8259 interrupt controllers and the 8254 timer: IRQ 0 at a chosen rate on vector 32.
#pragma once
#include "lib/port.h"

enum { irq_base = 32, irq_timer = irq_base, irq_serial = irq_base + 4, irq_serial2 = irq_base + 3 };

// Remaps IRQ 0-15 to vectors 32-47 and unmasks only those of `enabled_mask` (bit n = IRQ n, of the first eight).
static inline void pic_start(uint8_t enabled_mask) {
  out8(0x20, 0x11), out8(0xa0, 0x11);
  out8(0x21, irq_base), out8(0xa1, irq_base + 8);
  out8(0x21, 4), out8(0xa1, 2);
  out8(0x21, 1), out8(0xa1, 1);
  out8(0x21, (uint8_t)~enabled_mask), out8(0xa1, 0xff);
}
static inline void pic_end_of_interrupt(void) { out8(0x20, 0x20); }

static inline void pit_start(unsigned hertz) {
  const unsigned divisor = 1193182 / hertz;
  out8(0x43, 0x34);
  out8(0x40, (uint8_t)divisor), out8(0x40, (uint8_t)(divisor >> 8));
}
