// A guest with its own int3s, such as kernels use for tracing: counts them in its #BP handler.
#include "lib/idt.h"
#include "lib/serial.h"

volatile unsigned breakpoints_seen;
volatile unsigned wrong_addresses;
volatile uint64_t expected_rip;

__attribute__((interrupt)) void on_breakpoint(struct interrupt_frame* frame) {
  breakpoints_seen++;
  if (frame->rip != expected_rip) wrong_addresses++;  // #BP is a trap: RIP is after the int3
}

void own_int3(void) {
  __asm__ volatile("lea 1f(%%rip), %%rax; mov %%rax, expected_rip; int3; 1:" : : : "rax", "memory");
}

int kernel_main(void) {
  idt_set(breakpoint, on_breakpoint, gate_interrupt);
  idt_load();
  put_string("int3_own: started\n");
  for (int i = 0; i < 5; i++) own_int3();
  put_line("int3_own: seen", breakpoints_seen);
  put_line("int3_own: at a wrong address", wrong_addresses);
  return breakpoints_seen == 5 && !wrong_addresses ? 0 : 1;
}
