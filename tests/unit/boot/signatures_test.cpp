// Signatures where they belong, and bytes that only look like them.
#include "vmm/boot/signatures.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace gdbvm::boot {
namespace {

std::vector<std::uint8_t> with(std::size_t size, std::size_t at, std::initializer_list<std::uint32_t> words) {
  std::vector<std::uint8_t> image(size);
  for (const std::uint32_t word : words) {
    std::memcpy(&image.at(at), &word, sizeof word);
    at += sizeof word;
  }
  return image;
}

TEST(Signatures, BootSector) {
  EXPECT_TRUE(is_boot_sector(with(512, 508, {0xaa550000})));
  EXPECT_TRUE(is_boot_sector(with(1024, 508, {0xaa550000})));
  EXPECT_FALSE(is_boot_sector(with(513, 508, {0xaa550000})));
  EXPECT_FALSE(is_boot_sector(with(512, 508, {0x55aa0000})));
  EXPECT_FALSE(is_boot_sector({}));
}

TEST(Signatures, Linux) {
  auto image = with(4096, 0x1fc, {0xaa550000});
  EXPECT_FALSE(is_linux_image(image));
  std::memcpy(&image[0x202], "HdrS", 4);
  EXPECT_TRUE(is_linux_image(image));
  EXPECT_FALSE(is_linux_image(std::span(image).first(0x205)));
}

TEST(Signatures, Gzip) {
  EXPECT_TRUE(is_gzip(with(12, 0, {0x00088b1f})));
  EXPECT_FALSE(is_gzip(with(12, 0, {0x00078b1f})));
  EXPECT_FALSE(is_gzip(with(12, 0, {0x00081f8b})));
  EXPECT_FALSE(is_gzip({}));
}

}  // namespace
}  // namespace gdbvm::boot
