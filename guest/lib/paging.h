// The guest's own page tables: the first GiB and the fourth (where the local APIC is), identity-mapped in 2 MiB
// pages.
#pragma once
#include <stdint.h>

enum { page_present = 1, page_write = 2, page_user = 4, page_no_cache = 0x10, page_large = 0x80 };

static uint64_t level4[512] __attribute__((aligned(4096)));
static uint64_t level3[512] __attribute__((aligned(4096)));
static uint64_t low_level2[512] __attribute__((aligned(4096)));
static uint64_t high_level2[512] __attribute__((aligned(4096)));

// `rights` are added to all entries: page_user, or 0.
static inline void paging_start(uint64_t rights) {
  rights |= page_present | page_write;
  level4[0] = (uint64_t)level3 | rights;
  level3[0] = (uint64_t)low_level2 | rights;
  level3[3] = (uint64_t)high_level2 | rights;
  for (uint64_t i = 0; i < 512; i++) {
    low_level2[i] = i << 21 | page_large | rights;
    high_level2[i] = (3ul << 30 | i << 21) | page_large | page_no_cache | rights;
  }
  __asm__ volatile("mov %0, %%cr3" : : "r"(level4) : "memory");
}
