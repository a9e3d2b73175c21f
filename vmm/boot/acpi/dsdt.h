// The DSDT's contents: how the machine is switched off, and its devices that no bus announces.
#pragma once

#include "vmm/boot/acpi/aml.h"

namespace gdbvm::boot::acpi {

// AML without the table's header. `virtio_devices`: at most x86::wiring::virtio_most.
aml::Bytes dsdt_contents(unsigned virtio_devices);

}  // namespace gdbvm::boot::acpi
