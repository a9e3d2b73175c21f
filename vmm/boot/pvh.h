// Boots an ELF kernel by the PVH protocol (Xen's docs/misc/pvh.pandoc, public/arch-x86/hvm/start_info.h).
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/elf.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// Entered in protected mode at the physical address that the note XEN_ELFNOTE_PHYS32_ENTRY names, with ebx pointing to
// the start info: modules, command line, memory map, ACPI's root pointer.
std::expected<BootPlan, ImageError> plan_pvh(const ElfImage& elf, std::span<const std::uint8_t> image,
                                             const LoadOptions& options, std::uint64_t ram_size);

}  // namespace gdbvm::boot
