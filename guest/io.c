// Port I/O in every size and direction, and string output, for a debugger to step over one instruction at a time.
#include "lib/serial.h"

const char text[] = "io: rep outsb\n";
volatile uint8_t scratch;
volatile uint32_t unclaimed[3];

void write_string(const char* from, unsigned long count) {
  __asm__ volatile("rep outsb" : "+S"(from), "+c"(count) : "d"((uint16_t)com1) : "memory");
}

int kernel_main(void) {
  out8(com1 + 7, 0x5a);  // the scratch register
  scratch = in8(com1 + 7);
  put_line("io: scratch", scratch);
  unclaimed[0] = in8(0x1234);
  unclaimed[1] = in16(0x1234);
  unclaimed[2] = in32(0x1234);
  out16(0x1234, 0xbeef);
  out32(0x1234, 0xdeadbeef);
  write_string(text, sizeof text - 1);
  const int all_ones = unclaimed[0] == 0xff && unclaimed[1] == 0xffff && unclaimed[2] == 0xffffffff;
  put_string(all_ones ? "io: absent ports read all ones\n" : "io: absent ports answer\n");
  return all_ones && scratch == 0x5a ? 0 : 1;
}
