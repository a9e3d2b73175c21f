// A kernel for the PVH protocol: reads the start info (Xen's public/arch-x86/hvm/start_info.h).
#include "lib/report.h"

struct start_info {
  uint32_t magic, version, flags, modules_count;
  uint64_t modules, command_line, acpi_root;
  uint64_t memory_map;
  uint32_t memory_map_entries, reserved;
};
struct module {
  uint64_t start, size, command_line, reserved;
};
struct range {
  uint64_t start, size;
  uint32_t kind, reserved;
};

int kernel_main(uint32_t eax, const struct start_info* info) {
  (void)eax;
  if (info->magic != 0x336ec578 || info->version != 1) return 1;
  report_text("pvh: command line", (const char*)(uint32_t)info->command_line);
  const struct module* modules = (const struct module*)(uint32_t)info->modules;
  for (uint32_t i = 0; i < info->modules_count; i++) {
    report_bytes("pvh: module", (const char*)(uint32_t)modules[i].start, (uint32_t)modules[i].size);
  }
  const struct range* map = (const struct range*)(uint32_t)info->memory_map;
  uint64_t ram = 0;
  for (uint32_t i = 0; i < info->memory_map_entries; i++) ram += map[i].kind == 1 ? map[i].size : 0;
  put_line("pvh: MiB of RAM", (unsigned long)(ram >> 20));
  put_line("pvh: ACPI", (unsigned long)has_acpi((const char*)(uint32_t)info->acpi_root));
  return 0;
}
