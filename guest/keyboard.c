// The keyboard and the mouse by their interrupts, once the controller has been found to work. What is typed is shown on
// the screen and printed at Enter; then one answer of the mouse is awaited.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

enum { data = 0x60, control = 0x64, full = 1, busy = 2, irq_keyboard = irq_base + 1, irq_mouse = irq_base + 12 };
enum { left_shift = 0x2a, enter = 0x1c, released = 0x80 };

static const char plain[] = "??1234567890-=\b\tqwertyuiop[]\n?asdfghjkl;'`?\\zxcvbnm,./??? ";
static volatile uint16_t* const screen = (volatile uint16_t*)0xb8000;
char text[512];
volatile unsigned length;
volatile int done;
volatile unsigned moves;

static void command(uint8_t value) {
  while (in8(control) & busy) {
  }
  out8(control, value);
}
static uint8_t answer(void) {
  while (!(in8(control) & full)) {
  }
  return in8(data);
}

__attribute__((interrupt)) void on_key(struct interrupt_frame* frame) {
  (void)frame;
  static int shifted;
  const uint8_t code = in8(data);
  if ((code & ~released) == left_shift) shifted = !(code & released);
  if (code == enter) done = 1;
  if (code < sizeof plain - 1 && code != left_shift && code != enter && length < sizeof text - 1) {
    const char c = plain[code];
    text[length] = shifted && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    screen[length] = (uint16_t)(0x1e00 | (uint8_t)text[length]);
    length++;
  }
  pic_end_of_interrupt();
}
__attribute__((interrupt)) void on_mouse(struct interrupt_frame* frame) {
  (void)frame;
  in8(data);
  moves++;
  out8(0xa0, 0x20);
  pic_end_of_interrupt();
}

void wait(void) { __asm__ volatile("sti; hlt; cli"); }

int kernel_main(void) {
  while (in8(control) & full) in8(data);
  command(0xaa);
  put_line("keyboard: self-test", answer());
  out8(data, 0xf2);
  put_line("keyboard: acknowledged", answer());
  put_line("keyboard: first id", answer());
  put_line("keyboard: second id", answer());
  command(0x60), out8(data, 0x47);  // both interrupts, and translation
  idt_set(irq_keyboard, on_key, gate_interrupt);
  idt_set(irq_mouse, on_mouse, gate_interrupt);
  idt_load();
  pic_start(1 << 1 | 1 << 2);
  out8(0xa1, (uint8_t)~(1 << 4));
  screen[80] = 0x1e3e;  // a > in the second row
  put_string("keyboard: type\n");
  while (!done) wait();
  put_string("keyboard: got ");
  put_string(text);
  put_char('\n');
  command(0xd4), out8(data, 0xff);
  while (moves < 3) wait();
  put_line("mouse: answers to a reset", moves);
  return 0;
}
