// Flat images: bytes without a header, loaded as they are.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// Entered at its first byte. Real mode unless the options say otherwise: a boot sector at 0x7c00, anything else where
// options.load says (required, so that no stray file is run by mistake). Protected and long mode: at options.load, or
// 1 MiB.
std::expected<BootPlan, ImageError> plan_flat(std::span<const std::uint8_t> image, const LoadOptions& options,
                                              std::uint64_t ram_size);

}  // namespace gdbvm::boot
