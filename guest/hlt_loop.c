// Idle: sleeps with hlt between the ticks of a slow timer, forever; a debugger ends it by setting `finished`.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

#ifndef HZ
#define HZ 20
#endif

volatile unsigned long ticks;
volatile int finished;

__attribute__((interrupt)) void on_timer(struct interrupt_frame* frame) {
  (void)frame;
  if (ticks++ == 0) put_string("hlt_loop: ticking\n");
  pic_end_of_interrupt();
}

int kernel_main(void) {
  put_string("hlt_loop: started\n");
  idt_set(irq_timer, on_timer, gate_interrupt);
  idt_load();
  pic_start(1 << 0);
  pit_start(HZ);
  __asm__ volatile("sti");
  while (!finished) __asm__ volatile("hlt");
  return 0;
}
