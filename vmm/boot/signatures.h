// The marks of images that are not ELF files.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gdbvm::boot {

// 0xaa55 at offset 510.
bool is_boot_sector(std::span<const std::uint8_t> image);
// bzImage and its ancestors: "HdrS" at 0x202 (Linux Documentation/arch/x86/boot.rst).
bool is_linux_image(std::span<const std::uint8_t> image);
// ECMA-119, 8.1: the image of a CD.
bool is_iso_image(std::span<const std::uint8_t> image);

struct Compression {
  const char* name;
  const char* remedy;      // the command that unpacks
  std::string_view magic;  // the first bytes
};
// nullptr: it is not compressed by any program that is known.
const Compression* compression_of(std::span<const std::uint8_t> image);

}  // namespace gdbvm::boot
