// The ACPI tables as a firmware takes them from fw_cfg: as files, and a script that says how to put them into memory.
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/boot/acpi/tables.h"

namespace gdbvm::boot::acpi {

// Their names in fw_cfg, which the script knows.
inline constexpr char root_pointer_file[] = "etc/acpi/rsdp", tables_file[] = "etc/acpi/tables",
                      script_file[] = "etc/table-loader";

struct LoadableTables {
  std::vector<std::uint8_t> root_pointer, tables;
  std::vector<std::uint8_t> script;  // commands of 128 bytes (QEMU, hw/acpi/bios-linker-loader.c)
};

LoadableTables loadable_tables(const Hardware& hardware);

}  // namespace gdbvm::boot::acpi
