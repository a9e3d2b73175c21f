// The marks by which boot protocols other than plain ELF and flat announce themselves in an image.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm::boot {

// 0xaa55 at offset 510 of a whole number of sectors (512 bytes).
bool is_boot_sector(std::span<const std::uint8_t> image);
// bzImage and its ancestors: "HdrS" at 0x202 (Linux Documentation/arch/x86/boot.rst).
bool is_linux_image(std::span<const std::uint8_t> image);
// A header with a right checksum in the first 8192 bytes, 4-byte aligned (Multiboot Specification 0.6.96, 3.1).
bool has_multiboot_header(std::span<const std::uint8_t> image);
// The same in the first 32768 bytes, 8-byte aligned (Multiboot2 Specification 2.0, 3.1).
bool has_multiboot2_header(std::span<const std::uint8_t> image);

}  // namespace gdbvm::boot
