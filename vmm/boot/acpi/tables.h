// The ACPI tables that describe the machine to a kernel: RSDP, RSDT, XSDT, FADT, FACS, DSDT and MADT.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot::acpi {

inline constexpr std::size_t root_pointer_size = 36;

struct Hardware {
  unsigned cpus = 1;  // at most 255
  unsigned virtio_devices = 0;
};

// All of them as they lie in memory from `base` on, below 4 GiB and a multiple of 64. The RSDP comes first.
std::vector<std::uint8_t> tables(const Hardware& hardware, Gpa base);

// Puts them where a PC's firmware has them and reserves the place; the result is the RSDP's address. nullopt, and
// nothing placed: the image lies there itself, or there is no RAM.
std::optional<Gpa> place_tables(BootPlan& plan, RamPlan& ram, const Hardware& hardware);

}  // namespace gdbvm::boot::acpi
