// CPL3: two reads in a row of one place, in a page where something else is watched. Status 1: both got what is there.
#include "lib/exit.h"
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/paging.h"

static uint8_t user_stack[4096] __attribute__((aligned(16)));
static uint8_t interrupt_stack[4096] __attribute__((aligned(16)));
__attribute__((aligned(4096))) volatile uint32_t watched[1024] = {[5] = 0x12345678};
volatile uint32_t first, second;

__attribute__((interrupt)) void on_protection(struct interrupt_frame* frame, uint64_t error_code) {
  (void)frame;
  debug_exit(first == 0x12345678 && second == 0x12345678 && error_code == 0 ? 0 : 1);
}

void user_main(void) {
  uint32_t a, b;
  __asm__ volatile(
      ".globl reads, reads_done\n"
      "reads: mov %2, %0\n"
      "mov %2, %1\n"
      "reads_done:"
      : "=&r"(a), "=&r"(b)
      : "m"(watched[5]));
  first = a;
  second = b;
  __asm__ volatile("cli");  // not at CPL3
}

int kernel_main(void) {
  paging_start(page_user);
  gdt_load(interrupt_stack + sizeof interrupt_stack);
  idt_set(general_protection, on_protection, gate_interrupt);
  idt_load();
  enter_user((void*)user_main, user_stack + sizeof user_stack - 8);
  return 1;
}
