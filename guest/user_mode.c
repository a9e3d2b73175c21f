// CPL3: user code counts, calls the kernel, and ends with a privileged instruction, a #GP. The call is a ud2,
// which every KVM back-end delivers; kvm_pvm turns `int n` at CPL3 into #UD, so user_mode_int is a guest of its own.
#include "lib/exit.h"
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/paging.h"
#include "lib/serial.h"

volatile uint64_t user_count;
volatile unsigned system_calls;
static uint8_t user_stack[4096] __attribute__((aligned(16)));
static uint8_t interrupt_stack[4096] __attribute__((aligned(16)));

__attribute__((interrupt)) void on_system_call(struct interrupt_frame* frame) {
  system_calls++;
#ifndef BY_INT
  frame->rip += 2;  // #UD is a fault: RIP is at the ud2
#endif
  put_line("user_mode: system call from CPL", frame->cs & 3);
}
__attribute__((interrupt)) void on_protection(struct interrupt_frame* frame, uint64_t error_code) {
  put_line("user_mode: #GP from CPL", frame->cs & 3);
  put_line("user_mode: counted", user_count);
  debug_exit(system_calls == 2 && user_count == 2000 && error_code == 0 ? 0 : 1);
}

void user_work(unsigned times) {
  for (unsigned i = 0; i < times; i++) user_count++;
}
void user_main(void) {
  for (int i = 0; i < 2; i++) {
    user_work(1000);
#ifdef BY_INT
    __asm__ volatile("int $0x80");
#else
    __asm__ volatile("ud2");
#endif
  }
  __asm__ volatile("cli");  // not at CPL3
}

int kernel_main(void) {
  put_string("user_mode: started\n");
  paging_start(page_user);
  gdt_load(interrupt_stack + sizeof interrupt_stack);
  idt_set(0x80, on_system_call, gate_interrupt_user);
#ifndef BY_INT
  idt_set(invalid_opcode, on_system_call, gate_interrupt);
#endif
  idt_set(general_protection, on_protection, gate_interrupt);
  idt_load();
  enter_user((void*)user_main, user_stack + sizeof user_stack - 8);
  return 1;
}
