// Boots Linux by its own protocol (Documentation/arch/x86/boot.rst): bzImage and uncompressed vmlinux.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/elf.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// A bzImage: setup header 2.06 or newer, code loaded high. Entered in long mode where the header offers it, else in
// protected mode. The modules are the initrd.
std::expected<BootPlan, ImageError> plan_linux(std::span<const std::uint8_t> image, const LoadOptions& options,
                                               std::uint64_t ram_size);

// A vmlinux, which has no setup header: entered at the physical address of its entry point, in the mode of its class.
std::expected<BootPlan, ImageError> plan_vmlinux(const ElfImage& elf, std::span<const std::uint8_t> image,
                                                 const LoadOptions& options, std::uint64_t ram_size);

}  // namespace gdbvm::boot
