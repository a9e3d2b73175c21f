// The Multiboot2 header of an image and what it demands of a loader (Multiboot2 Specification 2.0, 3.1).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "vmm/boot/load_options.h"
#include "vmm/boot/multiboot_image.h"

namespace gdbvm::boot {

// Types of information tags (3.6).
namespace multiboot2_tag {
inline constexpr std::uint32_t end = 0, command_line = 1, loader_name = 2, module = 3, memory_sizes = 4, memory_map = 6,
                               acpi_old = 14, acpi_new = 15, load_base = 21, last = load_base;
}

struct Multiboot2Header {
  std::uint64_t offset;  // in the file
  std::optional<LoadAddresses> addresses;
  std::optional<Gpa> entry;
};

// Walks the header's tags. Refused: one that is damaged, and one that demands what there is not.
std::expected<Multiboot2Header, ImageError> parse_multiboot2_header(std::span<const std::uint8_t> image,
                                                                    const std::string& name);

}  // namespace gdbvm::boot
