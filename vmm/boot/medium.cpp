#include "vmm/boot/medium.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "vmm/boot/elf.h"
#include "vmm/boot/little_endian.h"
#include "vmm/boot/multiboot.h"
#include "vmm/boot/multiboot2.h"
#include "vmm/boot/multiboot2_header.h"
#include "vmm/boot/signatures.h"

namespace gdbvm::boot {

namespace {

using Image = std::span<const std::uint8_t>;
constexpr std::uint64_t cd_block = 2048, volume_descriptor = 16 * cd_block, boot_record = 17 * cd_block;

bool is_el_torito(Image head) {
  constexpr std::string_view mark("\0CD001\1EL TORITO SPECIFICATION", 30);
  const auto record = load<std::array<char, mark.size()>>(head, boot_record);
  return record && std::string_view(record->data(), record->size()) == mark;
}

std::expected<std::optional<Medium>, ImageError> find_cd(Image head, std::uint64_t size, const std::string& name) {
  constexpr std::uint64_t volume_size = volume_descriptor + 80;  // in blocks
  const std::uint64_t wanted = load<std::uint32_t>(head, volume_size).value_or(0) * cd_block;
  if (wanted > size) {
    return std::unexpected(fmt::format("{} is truncated: the CD in it has {} bytes, the file {}", name, wanted, size));
  }
  if (is_el_torito(head)) return Medium{Medium::Kind::Cd, "CD image"};
  if (is_boot_sector(head)) return Medium{Medium::Kind::Disk, "disk image"};
  return std::unexpected(name + " is the image of a CD without a boot record (El Torito): nothing on it can be booted");
}

// A kernel in a disk's second sector has its multiboot header in what is searched of the disk, but says there no
// addresses.
bool is_flat_multiboot(Image head, const std::string& name) {
  if (multiboot_has_addresses(head)) return true;
  if (!find_multiboot2_header(head)) return false;
  const auto second = parse_multiboot2_header(head, name);
  return second && second->addresses;
}

bool is_floppy(std::uint64_t size) {
  constexpr std::array<std::uint64_t, 8> kib{160, 180, 320, 360, 720, 1200, 1440, 2880};
  return size % 1024 == 0 && std::ranges::find(kib, size / 1024) != kib.end();
}

bool has_partitions(Image head) {
  constexpr std::size_t table = 446, entry_size = 16, type = 4;
  for (std::size_t at = table; at < 510; at += entry_size) {
    if ((head[at] & 0x7f) == 0 && head[at + type] != 0) return true;
  }
  return false;
}

}  // namespace

std::uint64_t floppy_size(std::uint64_t image_size) {
  constexpr std::uint64_t usual = 1440 * 1024;
  return is_floppy(image_size) ? image_size : image_size <= usual ? usual : largest_floppy;
}

std::expected<std::optional<Medium>, ImageError> find_medium(Image head, std::uint64_t size,
                                                             const LoadOptions& options) {
  if (options.protocol != Protocol::Auto || options.load || options.mode) return std::nullopt;
  if (has_elf_magic(head) || is_linux_image(head)) return std::nullopt;
  if (is_iso_image(head)) return find_cd(head, size, options.name);
  if (!is_boot_sector(head) || is_flat_multiboot(head, options.name)) return std::nullopt;
  if (is_floppy(size)) return Medium{Medium::Kind::Floppy, "floppy image"};
  if (has_partitions(head) || size > largest_floppy) return Medium{Medium::Kind::Disk, "disk image"};
  return Medium{Medium::Kind::BootSector, "boot sector"};
}

}  // namespace gdbvm::boot
