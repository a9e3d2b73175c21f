// Boots a firmware image: at the top of the first 4 GiB, from the reset vector on.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// The image becomes ROM that ends at 4 GiB; its last 256 KiB are also in RAM below 1 MiB, as a chipset that has
// shadowed them leaves them: writable. The CPU is in the state of power-on. There are no ACPI tables: they are the
// firmware's business. The image has whole pages, at most 16 MiB.
std::expected<BootPlan, ImageError> plan_firmware(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                  std::uint64_t ram_size);

}  // namespace gdbvm::boot
