// A 64-bit interrupt descriptor table and the handlers' view of the frame the CPU pushes (SDM vol. 3, 6.14).
#pragma once
#include <stdint.h>

struct interrupt_frame {
  uint64_t rip, cs, rflags, rsp, ss;
};
struct gate {
  uint16_t offset_low, selector;
  uint8_t ist, type;
  uint16_t offset_middle;
  uint32_t offset_high, reserved;
};
enum {
  divide_error = 0,
  debug_exception = 1,
  breakpoint = 3,
  invalid_opcode = 6,
  general_protection = 13,
  page_fault = 14
};
enum { gate_interrupt = 0x8e, gate_interrupt_user = 0xee };

static struct gate idt[256] __attribute__((aligned(16)));

static inline void idt_set(unsigned vector, const void* handler, uint8_t type) {
  const uint64_t address = (uint64_t)handler;
  uint16_t cs;
  __asm__("mov %%cs, %0" : "=r"(cs));
  idt[vector] = (struct gate){(uint16_t)address, cs, 0, type, (uint16_t)(address >> 16), (uint32_t)(address >> 32), 0};
}
static inline void idt_load(void) {
  struct __attribute__((packed)) {
    uint16_t limit;
    uint64_t base;
  } pointer = {sizeof idt - 1, (uint64_t)idt};
  __asm__ volatile("lidt %0" : : "m"(pointer));
}
