// A 1 kHz timer whose handler counts ticks, next to a main loop that works, or sleeps with hlt when use_hlt is set.
#include "lib/timer.h"
#include "lib/idt.h"
#include "lib/serial.h"

volatile unsigned long ticks;
volatile unsigned long work_done;
volatile unsigned long last_tick = 500;
volatile int use_hlt;

__attribute__((interrupt)) void on_timer(struct interrupt_frame* frame) {
  (void)frame;
  ticks++;
  pic_end_of_interrupt();
}

void work(void) {
  if (use_hlt)
    __asm__ volatile("hlt");
  else
    work_done++;
}

int kernel_main(void) {
  put_string("timer: started\n");
  idt_set(irq_timer, on_timer, gate_interrupt);
  idt_load();
  pic_start(1 << 0);
  pit_start(1000);
  __asm__ volatile("sti");
  while (ticks < last_tick) work();
  __asm__ volatile("cli");
  put_line("timer: ticks", ticks);
  return 0;
}
