// A kernel for the Multiboot2 Specification: reads the information tags.
#include "lib/report.h"

struct tag {
  uint32_t type, size;
};

static void report_map(const uint8_t* tag) {
  const uint32_t entry_size = *(const uint32_t*)(tag + 8);
  uint64_t ram = 0;
  for (uint32_t at = 16; at < ((const struct tag*)tag)->size; at += entry_size) {
    if (*(const uint32_t*)(tag + at + 16) == 1) ram += *(const uint64_t*)(tag + at + 8);
  }
  put_line("multiboot2: MiB of RAM", (unsigned long)(ram >> 20));
}

static void report(const uint8_t* tag) {
  const uint32_t* words = (const uint32_t*)tag;
  switch (words[0]) {
    case 1:
      report_text("multiboot2: command line", (const char*)tag + 8);
      break;
    case 2:
      report_text("multiboot2: loader", (const char*)tag + 8);
      break;
    case 3:
      report_bytes("multiboot2: module", (const char*)words[2], words[3] - words[2]);
      report_text("multiboot2: its text", (const char*)tag + 16);
      break;
    case 6:
      report_map(tag);
      break;
    case 15:
      put_line("multiboot2: ACPI", (unsigned long)has_acpi((const char*)tag + 8));
      break;
  }
}

int kernel_main(uint32_t magic, const uint8_t* info) {
  if (magic != 0x36d76289) return 1;
  const uint8_t *tag = info + 8, *end = info + *(const uint32_t*)info;
  for (; ((const struct tag*)tag)->type != 0; tag += (((const struct tag*)tag)->size + 7) & ~7u) report(tag);
  return tag + 8 == end ? 0 : 2;
}
