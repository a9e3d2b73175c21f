// Woken by IRQ 4, echoes what arrives on the serial port, until Ctrl-D.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

enum { ctrl_d = 4, interrupt_enable = com1 + 1, modem_control = com1 + 4, out2 = 1 << 3 };

volatile unsigned received;
volatile int finished;

__attribute__((interrupt)) void on_serial(struct interrupt_frame* frame) {
  (void)frame;
  while (in8(com1_line_status) & data_ready) {
    const char c = (char)in8(com1);
    received++;
    if (c == ctrl_d)
      finished = 1;
    else
      put_char(c);
  }
  pic_end_of_interrupt();
}

int kernel_main(void) {
  put_string("echo: ready\n");
  idt_set(irq_serial, on_serial, gate_interrupt);
  idt_load();
  pic_start(1 << 4);
  out8(modem_control, out2);  // on a PC, OUT2 lets the interrupt line through
  out8(interrupt_enable, 1);
  while (!finished) __asm__ volatile("sti; hlt; cli");
  put_line("\necho: received", received);
  return 0;
}
