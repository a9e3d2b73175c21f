// The tables of Intel's MultiProcessor Specification 1.4, by which kernels without ACPI (xv6, JOS) find the CPUs and
// the I/O APIC. They say what ACPI's MADT says.
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// The floating pointer and after it the configuration table, as they lie in memory from `base` on: a multiple of 16
// below 4 GiB. `cpus` is at most 255.
std::vector<std::uint8_t> mp_table(unsigned cpus, Gpa base);

// Puts them where a PC's BIOS is, the last place where kernels look for them. Nothing is placed if the image lies there
// itself or there is no RAM.
void place_mp_table(BootPlan& plan, RamPlan& ram, unsigned cpus);

}  // namespace gdbvm::boot
