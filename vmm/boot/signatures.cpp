// The marks of other boot protocols.
#include "vmm/boot/signatures.h"

#include <algorithm>

#include "vmm/boot/little_endian.h"

namespace gdbvm::boot {

bool is_boot_sector(std::span<const std::uint8_t> image) {
  return image.size() % 512 == 0 && load<std::uint16_t>(image, 510) == 0xaa55;
}

bool is_linux_image(std::span<const std::uint8_t> image) {
  return load<std::uint16_t>(image, 0x1fe) == 0xaa55 && load<std::uint32_t>(image, 0x202) == 0x53726448;  // "HdrS"
}

bool has_multiboot_header(std::span<const std::uint8_t> image) {
  struct Header {
    std::uint32_t magic, flags, checksum;
  };
  for (std::uint64_t at = 0; at < 8192; at += 4) {
    const auto header = load<Header>(image, at);
    if (!header) return false;
    if (header->magic == 0x1badb002 && header->magic + header->flags + header->checksum == 0) return true;
  }
  return false;
}

bool has_multiboot2_header(std::span<const std::uint8_t> image) {
  struct Header {
    std::uint32_t magic, architecture, length, checksum;
  };
  for (std::uint64_t at = 0; at < 32768; at += 8) {
    const auto header = load<Header>(image, at);
    if (!header) return false;
    const bool magic = header->magic == 0xe85250d6;
    if (magic && header->magic + header->architecture + header->length + header->checksum == 0) return true;
  }
  return false;
}

}  // namespace gdbvm::boot
