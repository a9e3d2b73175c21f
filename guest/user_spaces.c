// Two CPUs count at CPL3, each in its own address space: the code is on a different page for each of them.
#include "lib/exit.h"
#include "lib/gdt.h"
#include "lib/idt.h"
#include "lib/other_cpus.h"
#include "lib/serial.h"

enum { code_at = 0x40000000, stack_top = code_at + 2 * 4096, counter_at = stack_top };
enum { page_code, page_stack, page_counter, pages };

static uint64_t own_level4[2][512] __attribute__((aligned(4096))), own_level3[2][512] __attribute__((aligned(4096)));
static uint64_t own_level2[2][512] __attribute__((aligned(4096))), own_level1[2][512] __attribute__((aligned(4096)));
static uint8_t own_pages[2][pages][4096] __attribute__((aligned(4096)));
volatile uint64_t limit = ~0ull;  // of each CPU's counter; a debugger may lower it to end the machine
volatile unsigned done;
static unsigned loading;

// Copied to code_at; RBX: its counter.
__asm__(".text; user_loop: incq (%rbx); mov (%rbx), %rax; cmp limit, %rax; jb user_loop; ud2; user_loop_end:");
extern const uint8_t user_loop[], user_loop_end[];

__attribute__((interrupt)) void on_end(struct interrupt_frame* frame) {
  (void)frame;
  if (__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST) == 2) debug_exit(0);
  for (;;) __asm__ volatile("hlt");
}

static void prepare(int cpu) {
  const uint64_t rights = page_present | page_write | page_user;
  for (int i = 0; i < 512; i++) low_level2[i] |= page_user;  // for `limit`; both CPUs may do it
  own_level3[cpu][0] = (uint64_t)low_level2 | rights;
  own_level4[cpu][0] = (uint64_t)own_level3[cpu] | rights;
  own_level3[cpu][1] = (uint64_t)own_level2[cpu] | rights;
  own_level2[cpu][0] = (uint64_t)own_level1[cpu] | rights;
  for (int i = 0; i < pages; i++) own_level1[cpu][i] = (uint64_t)own_pages[cpu][i] | rights;
  for (int i = 0; i < user_loop_end - user_loop; i++) own_pages[cpu][page_code][i] = user_loop[i];
  __asm__ volatile("mov %0, %%cr3" : : "r"(own_level4[cpu]) : "memory");
  // One after the other: both CPUs share the TSS descriptor, which must not be busy when it is loaded.
  while (__atomic_exchange_n(&loading, 1, __ATOMIC_ACQUIRE)) __asm__ volatile("pause");
  gdt_load((void*)stack_top);  // where the kernel's frames go: user code does not use its stack
  __atomic_store_n(&loading, 0, __ATOMIC_RELEASE);
  idt_load();
}
__attribute__((noreturn)) static void count(void) {
  __asm__ volatile("push %0; push %1; push $2; push %2; push %3; iretq"
                   :
                   : "i"(user_data), "r"((uint64_t)stack_top), "i"(user_code), "r"((uint64_t)code_at), "b"(counter_at)
                   : "memory");
  __builtin_unreachable();
}

__attribute__((noreturn)) void ap_main(int cpu) {
  prepare(cpu);
  count();
}
void other_counts(void) {}

int kernel_main(void) {
  put_string("user_spaces: started\n");
  gdt_load((void*)stack_top);
  idt_set(invalid_opcode, on_end, gate_interrupt);
  idt_set(general_protection, on_end, gate_interrupt);
  start_other_cpus();
  prepare(0);
  while (*(volatile uint64_t*)own_pages[1][page_counter] == 0) {
  }
  other_counts();
  count();
}
