// The marks of images that are not ELF files.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm::boot {

// 0xaa55 at offset 510 of a whole number of sectors (512 bytes).
bool is_boot_sector(std::span<const std::uint8_t> image);
// bzImage and its ancestors: "HdrS" at 0x202 (Linux Documentation/arch/x86/boot.rst).
bool is_linux_image(std::span<const std::uint8_t> image);
// RFC 1952, 2.3.1.
bool is_gzip(std::span<const std::uint8_t> image);

}  // namespace gdbvm::boot
