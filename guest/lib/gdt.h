// The guest's own descriptors: kernel and user segments in the order that syscall/sysret need, and a TSS.
#pragma once
#include <stdint.h>

enum { kernel_code = 0x08, kernel_data = 0x10, user_data = 0x18 | 3, user_code = 0x20 | 3, task_state = 0x28 };

static struct __attribute__((packed)) {
  uint32_t reserved;
  uint64_t rsp[3];
  uint8_t rest[76];
} tss;
static uint64_t gdt[7] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cff3000000ffff, 0x00affb000000ffff};

// `stack_top`: where interrupts from CPL3 push.
static inline void gdt_load(void* stack_top) {
  const uint64_t base = (uint64_t)&tss;
  tss.rsp[0] = (uint64_t)stack_top;
  gdt[5] = (sizeof tss - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
  gdt[6] = base >> 32;
  const struct __attribute__((packed)) {
    uint16_t limit;
    uint64_t base;
  } pointer = {sizeof gdt - 1, (uint64_t)gdt};
  __asm__ volatile(
      "lgdt %0; mov %1, %%ds; mov %1, %%es; mov %1, %%ss; push %2; lea 1f(%%rip), %%rax; push %%rax; lretq; 1: ltr %w3"
      :
      : "m"(pointer), "r"(kernel_data), "i"(kernel_code), "r"(task_state)
      : "rax", "memory");
}

// To CPL 3, with interrupts off.
static inline void enter_user(void* rip, void* rsp) {
  __asm__ volatile("push %0; push %1; push $2; push %2; push %3; iretq"
                   :
                   : "i"(user_data), "r"(rsp), "i"(user_code), "r"(rip)
                   : "memory");
}
