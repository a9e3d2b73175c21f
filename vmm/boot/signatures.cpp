// The marks of images that are not ELF files.
#include "vmm/boot/signatures.h"

#include "vmm/boot/linux_layouts.h"
#include "vmm/boot/little_endian.h"

namespace gdbvm::boot {

bool is_boot_sector(std::span<const std::uint8_t> image) {
  return image.size() % 512 == 0 && load<std::uint16_t>(image, 510) == 0xaa55;
}

bool is_linux_image(std::span<const std::uint8_t> image) {
  return load<std::uint16_t>(image, 0x1fe) == linux_protocol::boot_flag &&
         load<std::uint32_t>(image, 0x202) == linux_protocol::magic;
}

bool is_gzip(std::span<const std::uint8_t> image) {
  constexpr std::uint8_t deflate = 8;
  return load<std::uint16_t>(image, 0) == 0x8b1f && load<std::uint8_t>(image, 2) == deflate;
}

}  // namespace gdbvm::boot
