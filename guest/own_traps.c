// A kernel whose own int3 and faults, at CPL 0 and CPL 3, must arrive as they do without a debugger. It counts them,
// and there is no exit between lidt and CPL 3. Ends with status 1 if all have arrived as they should.
#include "lib/exit.h"
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/paging.h"
#ifndef BREAKPOINT_GATE
#define BREAKPOINT_GATE gate_interrupt
#endif

volatile unsigned breakpoints, faults, others;
static uint8_t user_stack[4096] __attribute__((aligned(16)));
static uint8_t interrupt_stack[4096] __attribute__((aligned(16)));

// With SHARED it is the handler of #UD as well, as in kernels with one handler for all exceptions.
__attribute__((interrupt)) void on_breakpoint(struct interrupt_frame* frame) {
  const int is_ud2 = *(uint16_t*)frame->rip == 0x0b0f;
  if (frame->cs & 3) debug_exit(is_ud2 && breakpoints == 2 && faults == 1 ? 0 : 3);
  breakpoints++;
}
__attribute__((interrupt)) void on_protection(struct interrupt_frame* frame, uint64_t error_code) {
  (void)error_code;
  faults++;
  if (frame->cs & 3) debug_exit(breakpoints == 2 && faults == 2 && others == 0 ? 0 : 1);
  frame->rip += 3;
}
__attribute__((interrupt)) void on_other(struct interrupt_frame* frame) {
  (void)frame;
  others++;
  debug_exit(2);
}

void passed(void) {}
void not_called(void) {}
#ifdef SHARED
#define USER_FAULT "ud2"
#else
#define USER_FAULT "cli"
#endif
__attribute__((naked)) void user_main(void) { __asm__ volatile("user_nop: nop; " USER_FAULT); }

__attribute__((naked)) void fault(void) {
  __asm__ volatile("mov $1, %rax; shl $63, %rax; mov (%rax), %rdx; ret");  // not canonical: #GP at 3 bytes
}

// 4 MiB, by as few instructions as possible: gdbvm steps only so many before there is a handler.
void map_for_user(void) {
  enum { all = page_present | page_write | page_user };
  low_level2[0] = page_large | all;
  low_level2[1] = 1 << 21 | page_large | all;
  level3[0] = (uint64_t)low_level2 | all;
  level4[0] = (uint64_t)level3 | all;
  __asm__ volatile("mov %0, %%cr3" : : "r"(level4) : "memory");
}

int kernel_main(void) {
  map_for_user();
  gdt_load(interrupt_stack + sizeof interrupt_stack);
  idt_set(debug_exception, on_other, gate_interrupt);
  idt_set(breakpoint, on_breakpoint, BREAKPOINT_GATE);
  idt_set(general_protection, on_protection, gate_interrupt);
#ifdef SHARED
  idt_set(invalid_opcode, on_breakpoint, gate_interrupt);
#endif
  idt_load();
  passed();
  __asm__ volatile("int3; int3");
  fault();
  passed();
  enter_user((void*)user_main, user_stack + sizeof user_stack - 8);
  return 1;
}
