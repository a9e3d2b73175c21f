// A kernel booted by Linux's protocol: reads the zero page. Built as a bzImage (linux_header.S) and a vmlinux (note.S).
#include "lib/report.h"

static const char* pointer(const uint8_t* page, int offset) {
  return (const char*)(uint64_t)*(uint32_t*)(page + offset);
}

int kernel_main(const uint8_t* page) {
  report_text("linux: command line", pointer(page, 0x228));
  report_bytes("linux: initrd", pointer(page, 0x218), *(const uint32_t*)(page + 0x21c));
  uint64_t ram = 0;
  for (int i = 0; i < page[0x1e8]; i++) {
    const uint8_t* entry = page + 0x2d0 + i * 20;
    if (*(const uint32_t*)(entry + 16) == 1) ram += *(const uint64_t*)(entry + 8);
  }
  put_line("linux: MiB of RAM", ram >> 20);
  put_line("linux: ACPI", (unsigned long)has_acpi((const char*)*(const uint64_t*)(page + 0x70)));
  return 0;
}
