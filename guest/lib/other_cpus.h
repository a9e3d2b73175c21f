// Starts all other CPUs by INIT and SIPI. The guest links smp_trampoline.S and has an ap_main(cpu) that never returns.
#pragma once
#include "paging.h"

enum { max_cpus = 255, lapic = 0xfee00000, lapic_id = lapic + 0x20, lapic_command = lapic + 0x300 };
enum { all_others = 3 << 18, init_assert = 0x4500, startup_at_0x8000 = 0x4608 };

extern uint8_t trampoline[], trampoline_end[];
extern uint32_t trampoline_cr3;

volatile unsigned cpus_online = 1;
uint8_t ap_stacks[(max_cpus + 1) * 4096] __attribute__((aligned(4096)));

static inline uint32_t lapic_read(uint64_t reg) { return *(volatile uint32_t*)reg; }
static inline void lapic_command_write(uint32_t command) {
  while (lapic_read(lapic_command) & 1 << 12) {  // delivery pending
  }
  *(volatile uint32_t*)lapic_command = command;
}
static inline uint32_t own_apic_id(void) { return lapic_read(lapic_id) >> 24; }

// How many there are, by CPUID.
static inline unsigned cpu_count(void) {
  uint32_t eax = 1, ebx, ecx = 0, edx;
  __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  return edx & 1 << 28 ? ebx >> 16 & 0xff : 1;
}

static inline void start_other_cpus(void) {
  paging_start(0);
  trampoline_cr3 = (uint32_t)(uint64_t)level4;
  for (int i = 0; i < trampoline_end - trampoline; i++) ((volatile uint8_t*)0x8000)[i] = trampoline[i];
  lapic_command_write(all_others | init_assert);
  lapic_command_write(all_others | startup_at_0x8000);
}
