// A kernel that waits for its timer: in a bare loop, with pause, and with hlt.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

volatile unsigned long ticks, flags_with_tf;

__attribute__((interrupt)) void on_timer(struct interrupt_frame* frame) {
  ticks++;
  if (frame->rflags & 1 << 8) flags_with_tf++;
  pic_end_of_interrupt();
}

int kernel_main(void) {
  idt_set(irq_timer, on_timer, gate_interrupt);
  idt_load();
  pic_start(1 << 0);
  pit_start(100);
  __asm__ volatile("sti");
  put_string("waits: started\n");
  while (ticks < 20) {
  }
  put_string("waits: 20 ticks\n");
  while (ticks < 30) __asm__ volatile("pause");
  put_string("waits: 30 ticks\n");
  for (unsigned long until = ticks + 10; ticks < until;) __asm__ volatile("hlt");
  return flags_with_tf == 0 ? 0 : 2;
}
