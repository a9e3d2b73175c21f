// Boots a kernel by the Multiboot2 Specification, version 2.0.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

// Where the header is: in the first 32768 bytes, 8-byte aligned, its checksum right (3.1).
std::optional<std::uint64_t> find_multiboot2_header(std::span<const std::uint8_t> image);

// As plan_multiboot(), with ebx pointing to tags (3.6): command line, the loader's name, modules, memory sizes and map,
// ACPI's root pointer, where the image was loaded. The command line is options.command_line alone. There is no EFI, so
// the tags about it mean nothing. No framebuffer is set up: a header tag that demands one is refused, as are unknown
// ones that are not optional.
std::expected<BootPlan, ImageError> plan_multiboot2(std::span<const std::uint8_t> image, const LoadOptions& options,
                                                    std::uint64_t ram_size);

}  // namespace gdbvm::boot
