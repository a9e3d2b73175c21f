// The first GiB mapped page by page, so that a list of what is mapped is long.
#include "lib/paging.h"
#include "lib/serial.h"

enum { tables = 512, entries = 512 };

static uint64_t level1[tables][entries] __attribute__((aligned(4096)));

int kernel_main(void) {
  paging_start(0);
  for (uint64_t table = 0; table < tables; table++) {
    for (uint64_t i = 0; i < entries; i++) level1[table][i] = table << 21 | i << 12 | page_present | page_write;
    low_level2[table] = (uint64_t)level1[table] | page_present | page_write;
  }
  put_string("many_pages: mapped\n");
  for (;;) __asm__ volatile("hlt");
}
