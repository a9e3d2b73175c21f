// An exception without a handler, nor a double-fault handler: the CPU shuts down.
#include "lib/serial.h"

void crash(int depth) {
  static const struct __attribute__((packed)) {
    uint16_t limit;
    uint64_t base;
  } no_idt;
  if (depth) crash(depth - 1);
  __asm__ volatile("lidt %0; ud2" : : "m"(no_idt));
}

int kernel_main(void) {
  put_string("triple_fault: about to crash\n");
  crash(2);
  return 0;
}
