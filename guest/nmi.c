// Waits for non-maskable interrupts with all others masked.
#include "lib/idt.h"
#include "lib/serial.h"

enum { nmi_vector = 2 };
volatile unsigned nmis;

__attribute__((interrupt)) void on_nmi(struct interrupt_frame* frame) {
  (void)frame;
  nmis++;
}

int kernel_main(void) {
  idt_set(nmi_vector, on_nmi, gate_interrupt);
  idt_load();
  put_string("nmi: waiting\n");
  while (nmis < 2) __asm__ volatile("pause");
  put_line("nmi: counted", nmis);
  return 0;
}
