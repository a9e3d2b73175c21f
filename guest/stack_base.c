// Flat 32-bit code whose stack segment has a base, as where a small kernel gives each task a segment of its own. Locals
// are reached by ESP and EBP only: a pointer to one would be an offset in another segment.
#include "lib/serial.h"

#include <stdint.h>

enum { flat_code = 0x08, flat_data = 0x10, task_data = 0x18, task_stack_size = 4096 };

static uint64_t gdt[4] = {0, 0x00cf9b000000ffff, 0x00cf93000000ffff};
static uint8_t task_stack[task_stack_size] __attribute__((aligned(16)));
int depth;

int leaf(int n, int step) {
  int sum = n + step;
  depth = sum;
  return sum;
}

int middle(int n) {
  int twice = leaf(n, n);
  twice++;
  return twice;
}

int task(void) {
  int result = middle(20);
  return result;
}

// Calls task() on its own stack.
int run_task(void);
__asm__(
    ".text; run_task: push %ebp; mov %esp, %esi; mov $0x18, %eax; mov %eax, %ss; mov $4096, %esp; xor %ebp, %ebp\n"
    "call task; mov $0x10, %edx; mov %edx, %ss; mov %esi, %esp; pop %ebp; ret");

static void load_segments(void) {
  const uint32_t base = (uint32_t)task_stack;
  gdt[3] = 0x0040930000000fff | (uint64_t)(base & 0xffffff) << 16 | (uint64_t)(base >> 24) << 56;
  const struct __attribute__((packed)) {
    uint16_t limit;
    uint32_t base;
  } pointer = {sizeof gdt - 1, (uint32_t)gdt};
  __asm__ volatile("lgdt %0; mov %1, %%ds; mov %1, %%es; mov %1, %%ss; ljmp %2, $1f; 1:"
                   :
                   : "m"(pointer), "r"(flat_data), "i"(flat_code)
                   : "memory");
}

int kernel_main(void) {
  put_string("stack_base: started\n");
  load_segments();
  put_line("stack_base: result", (unsigned long)run_task());
  return 0;
}
