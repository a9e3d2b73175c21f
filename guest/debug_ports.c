// The ports of emulators for debugging: the console 0xe9, the self-test's port, and the ways to end the machine that
// are chosen when it is built.
#include "lib/port.h"

#ifndef DEBUG_EXIT
#define DEBUG_EXIT 0xf4
#endif

int kernel_main(void) {
  const char* text = in8(0xe9) == 0xe9 ? "ports: console\n" : "ports: no console\n";
  for (; *text; text++) out8(0xe9, (uint8_t)*text);
  out8(0x80, 0x42);
  if (in8(0x80) != 0x42) return 1;
#ifdef POWER_OFF
  out16(POWER_OFF, 0x2000);
#elif defined(SHUTDOWN)
  for (const char* word = "Shutdown"; *word; word++) out8(0x8900, (uint8_t)*word);
#else
  out8(DEBUG_EXIT, 0x21);
#endif
  return 2;
}
