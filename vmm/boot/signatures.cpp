// Magic numbers and their places.
#include "vmm/boot/signatures.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "vmm/boot/linux_layouts.h"
#include "vmm/boot/little_endian.h"

namespace gdbvm::boot {

bool is_boot_sector(std::span<const std::uint8_t> image) { return load<std::uint16_t>(image, 510) == 0xaa55; }

bool is_linux_image(std::span<const std::uint8_t> image) {
  return load<std::uint16_t>(image, 0x1fe) == linux_protocol::boot_flag &&
         load<std::uint32_t>(image, 0x202) == linux_protocol::magic;
}

bool is_iso_image(std::span<const std::uint8_t> image) {
  constexpr std::uint64_t first_descriptor = 16 * 2048;
  const auto descriptor = load<std::array<char, 6>>(image, first_descriptor);
  return descriptor && std::string_view(descriptor->data() + 1, 5) == "CD001";
}

const Compression* compression_of(std::span<const std::uint8_t> image) {
  using namespace std::string_view_literals;
  static constexpr Compression formats[] = {
      {"gzip", "gunzip", "\x1f\x8b\x08"sv},  // with the only method there is, deflate
      {"xz", "unxz", "\xfd\x37\x7a\x58\x5a\0"sv},
      {"zstd", "unzstd", "\x28\xb5\x2f\xfd"sv},
      {"bzip2", "bunzip2", "BZh"sv},
      {"lz4", "unlz4", "\x04\x22\x4d\x18"sv},
      {"lz4", "unlz4", "\x02\x21\x4c\x18"sv},  // as `lz4 -l` for kernels
      {"lzop", "lzop -d", "\x89LZO\0"sv},
      {"lzma", "unlzma", "\x5d\0\0\x80\0"sv},
  };
  const std::string_view start(reinterpret_cast<const char*>(image.data()), image.size());
  const auto* const found =
      std::ranges::find_if(formats, [&](const Compression& each) { return start.starts_with(each.magic); });
  return found == std::end(formats) ? nullptr : found;
}

}  // namespace gdbvm::boot
