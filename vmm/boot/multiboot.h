// Boots a kernel by the Multiboot Specification, version 0.6.96.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// Where the header is: in the first 8192 bytes, 4-byte aligned, its checksum right (3.1).
std::optional<std::uint64_t> find_multiboot_header(std::span<const std::uint8_t> image);

// Does that header say where the image goes? Then the image need not be an ELF.
bool multiboot_has_addresses(std::span<const std::uint8_t> image);

// An ELF, or any image whose header has the load addresses (the "a.out kludge"). Entered in protected mode with ebx
// pointing to the information structure (3.3): memory, command line, modules, memory map, the loader's name. The
// command line begins with the image's name. No video mode is set, whatever the header asks for.
std::expected<BootPlan, ImageError> plan_multiboot(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                   std::uint64_t ram_size);

}  // namespace gdbvm::boot
