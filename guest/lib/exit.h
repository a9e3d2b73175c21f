// The debug-exit port: ends the virtual machine; gdbvm's exit status becomes value << 1 | 1.
#pragma once
#include "lib/port.h"

__attribute__((noreturn)) static inline void debug_exit(uint8_t value) {
  out8(0xf4, value);
  for (;;) __asm__ volatile("cli; hlt");
}
