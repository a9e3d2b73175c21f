// A kernel linked in the upper half of the address space that starts at its own symbols.
#include "lib/serial.h"

volatile unsigned long value = 0x1122334455667788;

unsigned long where(void) {
  unsigned long rip;
  __asm__ volatile("lea (%%rip), %0" : "=r"(rip));
  return rip;
}

int kernel_main(void) {
  const unsigned long rip = where();
  put_string("higher_half: running at ");
  put_hex(rip & ~0xffful);
  put_char('\n');
  // The identity map shows the same memory: virtual -2 GiB + n is physical 1 MiB + n.
  const volatile unsigned long* low = (volatile unsigned long*)((unsigned long)&value - 0xffffffff80000000 + 0x100000);
  value = 5;
  return rip >= 0xffffffff80000000 && *low == 5 ? 0 : 1;
}
