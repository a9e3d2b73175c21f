// From an image's bytes to a boot plan: recognises the format and hands over to its loader.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// `ram_size` in bytes, laid out like GuestMemory's. Pure: hostile bytes give an error, and no plan is larger than RAM.
// Images that could only be booted by a protocol not known yet are refused unless the options force another.
std::expected<BootPlan, ImageError> plan_boot(std::span<const std::uint8_t> image, const LoadOptions& options,
                                              std::uint64_t ram_size);

}  // namespace gdbvm::boot
