// A timer's handler that logs its ticks and, every seventeenth time, writes one past the end of the log: into a number
// that main checks only now and then, and long afterwards.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

enum { length = 16 };
static struct {
  unsigned long log[length];
  volatile unsigned long magic;
} shared = {.magic = 0x600d};
volatile unsigned long ticks, work_done;

void note_tick(void) {
  static unsigned at;
  shared.log[at] = ++ticks;
  at = at == length ? 0 : at + 1;
}

__attribute__((interrupt)) void on_timer(struct interrupt_frame* frame) {
  (void)frame;
  note_tick();
  pic_end_of_interrupt();
}

void found_broken(void) { put_string("stray_write: broken\n"); }

int kernel_main(void) {
  idt_set(irq_timer, on_timer, gate_interrupt);
  idt_load();
  pic_start(1 << 0);
  pit_start(1000);
  __asm__ volatile("sti");
  while (ticks < 30) work_done++;
  __asm__ volatile("cli");
  if (shared.magic != 0x600d) found_broken();
  return 0;
}
