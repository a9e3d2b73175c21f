// An int3 whose gate is invalid, and a #GP handler that never returns: the worst case of a guest's own tables.
#include "lib/idt.h"
#include "lib/serial.h"

__attribute__((naked)) void on_exception(void) { __asm__ volatile("1: jmp 1b"); }

int kernel_main(void) {
  for (unsigned vector = 0; vector < 32; vector++) idt_set(vector, (void*)on_exception, gate_interrupt);
#ifdef NOT_CANONICAL
  idt[breakpoint].offset_high = 0x12345678;
#else
  idt[breakpoint].selector = 0x5550;
#endif
  idt_load();
  put_string("int3_gate: started\n");
  __asm__ volatile("the_int3: int3");
  return 1;
}
