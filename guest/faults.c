// Raises #DE, #UD, #GP and #PF; each is caught, printed with its error code and skipped.
#include "lib/idt.h"
#include "lib/serial.h"

volatile unsigned faults_seen;
volatile uint64_t resume_at;  // where a handler resumes: after the faulting instruction

static void report(const char* name, struct interrupt_frame* frame, uint64_t error_code) {
  uint64_t cr2;
  __asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
  faults_seen++;
  put_string("faults: ");
  put_string(name);
  put_string(" error ");
  put_hex(error_code);
  put_string(" cr2 ");
  put_hex(cr2);
  put_char('\n');
  frame->rip = resume_at;
}
__attribute__((interrupt)) void on_divide_error(struct interrupt_frame* frame) { report("#DE", frame, 0); }
__attribute__((interrupt)) void on_invalid_opcode(struct interrupt_frame* frame) { report("#UD", frame, 0); }
__attribute__((interrupt)) void on_protection(struct interrupt_frame* frame, uint64_t error_code) {
  report("#GP", frame, error_code);
}
__attribute__((interrupt)) void on_page_fault(struct interrupt_frame* frame, uint64_t error_code) {
  report("#PF", frame, error_code);
}

#define FAULT(instruction)                                                                             \
  __asm__ volatile("lea 1f(%%rip), %%rax; mov %%rax, resume_at; xor %%eax, %%eax; " instruction "; 1:" \
                   :                                                                                   \
                   :                                                                                   \
                   : "rax", "rcx", "rdx", "cc", "memory")

int kernel_main(void) {
  idt_set(divide_error, on_divide_error, gate_interrupt);
  idt_set(invalid_opcode, on_invalid_opcode, gate_interrupt);
  idt_set(general_protection, on_protection, gate_interrupt);
  idt_set(page_fault, on_page_fault, gate_interrupt);
  idt_load();
  FAULT("xor %%edx, %%edx; div %%eax");
  FAULT("ud2");
  FAULT("mov $0xbad8, %%ecx; mov %%ecx, %%ds");                  // beyond the GDT
  FAULT("movabs $0x0000700000001000, %%rcx; movl $1, (%%rcx)");  // not mapped
  put_line("faults: seen", faults_seen);
  return faults_seen == 4 ? 0 : 1;
}
