// What a PC's firmware leaves in memory for a kernel that is started without one: the BIOS data area, an empty screen,
// the MultiProcessor Specification's tables and ACPI's.
#pragma once

#include <optional>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// Each part is left out where the image lies itself or there is no RAM. The result is the address of ACPI's root
// pointer, whose tables are then the plan's last placement.
std::optional<Gpa> place_firmware_data(BootPlan& plan, RamPlan& ram, const LoadOptions& options);

}  // namespace gdbvm::boot
