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

TEST(Signatures, Multiboot) {
  constexpr std::uint32_t magic = 0x1badb002, flags = 0x10003, sum = -(magic + flags);
  EXPECT_TRUE(has_multiboot_header(with(12, 0, {magic, flags, sum})));
  EXPECT_TRUE(has_multiboot_header(with(9000, 8188, {magic, flags, sum})));
  EXPECT_FALSE(has_multiboot_header(with(9000, 8192, {magic, flags, sum})));
  EXPECT_FALSE(has_multiboot_header(with(100, 2, {magic, flags, sum})));  // not aligned
  EXPECT_FALSE(has_multiboot_header(with(100, 0, {magic, flags, sum + 1})));
  EXPECT_FALSE(has_multiboot_header(with(8, 0, {magic, flags})));  // cut off
}

TEST(Signatures, Multiboot2) {
  constexpr std::uint32_t magic = 0xe85250d6, length = 24, sum = -(magic + length);
  EXPECT_TRUE(has_multiboot2_header(with(16, 0, {magic, 0, length, sum})));
  EXPECT_TRUE(has_multiboot2_header(with(40000, 32760, {magic, 0, length, sum})));
  EXPECT_FALSE(has_multiboot2_header(with(40000, 32768, {magic, 0, length, sum})));
  EXPECT_FALSE(has_multiboot2_header(with(100, 4, {magic, 0, length, sum})));
  EXPECT_FALSE(has_multiboot2_header(with(100, 0, {magic, 0, length, 0})));
}

TEST(Signatures, Linux) {
  auto image = with(4096, 0x1fc, {0xaa550000});
  EXPECT_FALSE(is_linux_image(image));
  std::memcpy(&image[0x202], "HdrS", 4);
  EXPECT_TRUE(is_linux_image(image));
  EXPECT_FALSE(is_linux_image(std::span(image).first(0x205)));
}

}  // namespace
}  // namespace gdbvm::boot
