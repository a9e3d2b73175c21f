// The DSDT's contents: how the machine is switched off, and its devices that no bus announces.
#pragma once

#include "vmm/boot/acpi/aml.h"

namespace gdbvm::boot::acpi {

// AML without the table's header.
aml::Bytes dsdt_contents();

}  // namespace gdbvm::boot::acpi
