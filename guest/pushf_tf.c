// Looks for a trap flag that this guest has not set: in pushf's image, an exception's frame and syscall's r11.
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/serial.h"

enum { tf = 1 << 8, pushf_leaks = 1, frame_leaks = 2, r11_leaks = 4, debug_exceptions = 8 };

volatile unsigned leaks;
static uint8_t interrupt_stack[4096] __attribute__((aligned(16)));

__attribute__((interrupt)) void on_invalid_opcode(struct interrupt_frame* frame) {
  if (frame->rflags & tf) leaks |= frame_leaks;
  frame->rip += 2;
}
__attribute__((interrupt)) void on_debug(struct interrupt_frame* frame) {
  leaks |= debug_exceptions;
  frame->rflags &= ~(uint64_t)tf;
}

void look_at_pushf(void) {
  uint64_t flags;
  __asm__ volatile("pushf; pop %0" : "=r"(flags));
  if (flags & tf) leaks |= pushf_leaks;
}
void look_at_frame(void) { __asm__ volatile("ud2"); }
// syscall at CPL0 enters LSTAR with the flags in r11; where it simply continues.
void look_at_r11(void) {
  uint64_t flags;
  __asm__ volatile(
      "mov $0xc0000080, %%ecx; rdmsr; or $1, %%eax; wrmsr;"              // EFER.SCE
      "mov $0xc0000081, %%ecx; xor %%eax, %%eax; mov $8, %%edx; wrmsr;"  // STAR: kernel_code
      "mov $0xc0000082, %%ecx; lea 1f(%%rip), %%rax; xor %%edx, %%edx; wrmsr;"
      "syscall; 1: mov %%r11, %0"
      : "=r"(flags)
      :
      : "rax", "rcx", "rdx", "r11", "memory");
  if (flags & tf) leaks |= r11_leaks;
}

int kernel_main(void) {
  gdt_load(interrupt_stack + sizeof interrupt_stack);
  idt_set(invalid_opcode, on_invalid_opcode, gate_interrupt);
  idt_set(debug_exception, on_debug, gate_interrupt);
  idt_load();
  look_at_pushf();
  look_at_frame();
  look_at_r11();
  put_line("pushf_tf: leaks", leaks);
  return (int)leaks;
}
