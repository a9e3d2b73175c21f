// By libpng, with a text chunk after its header by which our own are known.
#include "vmm/monitor/png_file.h"

#include <png.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vmm/host/own_file.h"

namespace gdbvm::monitor {

namespace {

constexpr std::size_t header_size = 33;  // the signature and the chunk IHDR

// Length, type, "Software" and who, checksum.
constexpr auto mark = std::to_array<std::uint8_t>({0,   0,   0,   14, 't', 'E', 'X', 't', 'S', 'o',  'f',  't',  'w',
                                                   'a', 'r', 'e', 0,  'g', 'd', 'b', 'v', 'm', 0x36, 0x31, 0x0d, 0x50});

}  // namespace

std::expected<std::vector<std::uint8_t>, std::string> png_of(const vga::Picture& picture) {
  static_assert(sizeof(vga::Colour) == 3);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<std::uint8_t> png(size);
  if (!png_image_write_to_memory(&image, png.data(), &size, 0, picture.pixels.data(), 0, nullptr)) {
    return std::unexpected(fmt::format("the picture cannot be made: {}", image.message));
  }
  png.resize(size);
  png.insert(png.begin() + header_size, mark.begin(), mark.end());
  return png;
}

std::expected<void, std::string> write_png(const std::string& path, const vga::Picture& picture) {
  const auto png = png_of(picture);
  if (!png) return std::unexpected(png.error());
  return write_own_file(path, *png, {{reinterpret_cast<const char*>(mark.data()), mark.size()}, header_size});
}

}  // namespace gdbvm::monitor
