// A kernel for the Multiboot Specification: reads the information structure. As an ELF, and with load addresses.
#include "lib/report.h"

struct information {
  uint32_t flags, lower_kib, upper_kib, boot_device;
  const char* command_line;
  uint32_t modules_count;
  const struct module* modules;
  uint32_t symbols[4], map_size;
  const uint8_t* map;
  uint32_t drives[2], config_table;
  const char* loader_name;
};
struct module {
  const char *start, *end, *text;
  uint32_t reserved;
};

static volatile int zero;  // .bss must be

int kernel_main(uint32_t magic, const struct information* info) {
  if (magic != 0x2badb002 || (info->flags & 0x24d) != 0x24d || zero != 0) return 1;
  report_text("multiboot: loader", info->loader_name);
  report_text("multiboot: command line", info->command_line);
  for (uint32_t i = 0; i < info->modules_count; i++) {
    const struct module* m = &info->modules[i];
    report_bytes("multiboot: module", m->start, (unsigned long)(m->end - m->start));
    report_text("multiboot: its text", m->text);
  }
  uint64_t ram = 0;
  for (uint32_t at = 0; at < info->map_size; at += 4 + *(const uint32_t*)(info->map + at)) {
    if (*(const uint32_t*)(info->map + at + 20) == 1) ram += *(const uint64_t*)(info->map + at + 12);
  }
  put_line("multiboot: MiB of RAM", (unsigned long)(ram >> 20));
  put_line("multiboot: KiB above 1 MiB", info->upper_kib);
  return 0;
}
