// A kernel that takes its time before it loads its IDT, and again before it enters CPL 3, and leaves the guest for
// nothing meanwhile. Ends with status 1 when its program has come to its end, and with 5 if that met an int3.
#include "lib/exit.h"
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/paging.h"

static uint8_t user_stack[4096] __attribute__((aligned(16)));
static uint8_t interrupt_stack[4096] __attribute__((aligned(16)));

__attribute__((interrupt)) void on_protection(struct interrupt_frame* frame, uint64_t error_code) {
  (void)frame, (void)error_code;
  debug_exit(0);
}
__attribute__((interrupt)) void on_breakpoint(struct interrupt_frame* frame) {
  (void)frame;
  debug_exit(2);
}

__attribute__((naked)) void user_main(void) { __asm__ volatile("user_nop: nop; cli"); }

void map_for_user(void) {
  enum { all = page_present | page_write | page_user };
  for (uint64_t i = 0; i < 512; ++i) low_level2[i] = i << 21 | page_large | all;
  level3[0] = (uint64_t)low_level2 | all;
  level4[0] = (uint64_t)level3 | all;
  __asm__ volatile("mov %0, %%cr3" : : "r"(level4) : "memory");
}

void spend_time(void) {
  const uint64_t until = __builtin_ia32_rdtsc() + 1500000000;
  while (__builtin_ia32_rdtsc() < until) {
  }
}

int kernel_main(void) {
  map_for_user();
  gdt_load(interrupt_stack + sizeof interrupt_stack);
  spend_time();
  idt_set(general_protection, on_protection, gate_interrupt);
  idt_set(breakpoint, on_breakpoint, gate_interrupt_user);
  idt_load();
  spend_time();
  enter_user((void*)user_main, user_stack + sizeof user_stack - 8);
  return 1;
}
