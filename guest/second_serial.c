// Woken by IRQ 3, sends back on COM2 what arrives there, until Ctrl-D, and counts it on COM1.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

enum { com2 = 0x2f8, com2_line_status = com2 + 5, interrupt_enable = com2 + 1, ctrl_d = 4 };

volatile unsigned received;
volatile int finished;

__attribute__((interrupt)) void on_serial(struct interrupt_frame* frame) {
  (void)frame;
  while (in8(com2_line_status) & data_ready) {
    const uint8_t c = in8(com2);
    received++;
    if (c == ctrl_d)
      finished = 1;
    else
      out8(com2, c);
  }
  pic_end_of_interrupt();
}

int kernel_main(void) {
  put_string("second_serial: waits\n");
  idt_set(irq_serial2, on_serial, gate_interrupt);
  idt_load();
  pic_start(1 << 3);
  out8(interrupt_enable, 1);
  while (!finished) __asm__ volatile("sti; hlt; cli");
  put_line("second_serial: received", received);
  return 0;
}
