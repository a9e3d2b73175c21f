// The real-time clock's interrupts on IRQ 8: 64 periodic ones, then an alarm that matches any second.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

enum { periodic = 0x40, alarm = 0x20, any = 0xff, irq_rtc = irq_base + 8 };

volatile unsigned ticks;
volatile unsigned alarms;

static uint8_t cmos_read(uint8_t index) {
  out8(0x70, index);
  return in8(0x71);
}
static void cmos_write(uint8_t index, uint8_t value) {
  out8(0x70, index);
  out8(0x71, value);
}

__attribute__((interrupt)) void on_clock(struct interrupt_frame* frame) {
  (void)frame;
  const uint8_t why = cmos_read(0x0c);
  if (why & alarm) alarms++;
  if (why & periodic) ticks++;
  out8(0xa0, 0x20);
  pic_end_of_interrupt();
}

void sleep(void) { __asm__ volatile("sti; hlt; cli"); }

int kernel_main(void) {
  idt_set(irq_rtc, on_clock, gate_interrupt);
  idt_load();
  pic_start(1 << 2);
  out8(0xa1, (uint8_t)~1);
  cmos_write(0x0a, 0x2a);  // 64 Hz
  cmos_write(0x0b, 0x06 | periodic);
  while (ticks < 64) sleep();
  cmos_write(0x0b, 0x06);
  put_line("rtc: periodic interrupts", ticks);
  cmos_write(0x05, any);
  cmos_write(0x03, any);
  cmos_write(0x01, any);
  cmos_read(0x0c);
  cmos_write(0x0b, 0x06 | alarm);
  while (!alarms) sleep();
  put_line("rtc: alarms", alarms);
  return 0;
}
