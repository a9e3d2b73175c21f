// A kernel that brings no GDT: its gates, its handler and the CPU's way back from it rely on the loader's.
#include "lib/serial.h"

struct gate {
  uint16_t offset_low, selector, type, offset_high;
};
enum { invalid_opcode = 6, interrupt_gate = 0x8e00 };

static struct gate idt[invalid_opcode + 1];
volatile unsigned interrupts;

// As in many a tutorial: the kernel's data segment is loaded, and something written by it. It goes back by a far
// return, which loads CS as iret does, and which kvm_pvm can emulate.
__attribute__((naked)) void on_interrupt(void) {
  __asm__ volatile(
      "push %%eax; mov %%ds, %%eax; push %%eax; mov %0, %%eax; mov %%eax, %%ds; mov %%eax, %%es;"
      "incl interrupts; pop %%eax; mov %%eax, %%ds; mov %%eax, %%es; pop %%eax; addl $2, (%%esp); lret $4"
      :
      : "i"(DATA));
}

int kernel_main(void) {
  const uint32_t handler = (uint32_t)on_interrupt;
  const struct __attribute__((packed)) {
    uint16_t limit;
    uint32_t base;
  } pointer = {sizeof idt - 1, (uint32_t)idt};
  idt[invalid_opcode] = (struct gate){(uint16_t)handler, CODE, interrupt_gate, (uint16_t)(handler >> 16)};
  __asm__ volatile("lidt %0" : : "m"(pointer));
  __asm__ volatile("ud2" : : : "memory");
  // The rest of what such kernels do by number: a far jump, and a stack segment.
  __asm__ volatile("ljmp %0, $1f; 1: mov %1, %%eax; mov %%eax, %%ss" : : "i"(CODE), "i"(DATA) : "eax", "memory");
  put_line("no_gdt: interrupts", interrupts);
  return interrupts == 1 ? 0 : 1;
}
