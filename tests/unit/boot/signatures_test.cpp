// Signatures where they belong, and bytes that only look like them.
#include "vmm/boot/signatures.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
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
  EXPECT_TRUE(is_boot_sector(with(513, 508, {0xaa550000})));  // not padded
  const auto whole = with(512, 508, {0xaa550000});
  EXPECT_FALSE(is_boot_sector(std::span(whole).first(511)));
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

std::string compression(std::string_view start) {
  const Compression* const found = compression_of({reinterpret_cast<const std::uint8_t*>(start.data()), start.size()});
  return found ? found->name + std::string(": ") + found->remedy : "none";
}

TEST(Signatures, Compression) {
  using namespace std::string_view_literals;
  EXPECT_EQ(compression("\x1f\x8b\x08\0"sv), "gzip: gunzip");
  EXPECT_EQ(compression("\x1f\x8b\x07\0"sv), "none");
  EXPECT_EQ(compression("\x8b\x1f\x08\0"sv), "none");
  EXPECT_EQ(compression("\xfd"
                        "7zXZ\0"sv),
            "xz: unxz");
  EXPECT_EQ(compression("\x28\xb5\x2f\xfd"sv), "zstd: unzstd");
  EXPECT_EQ(compression("BZh9"sv), "bzip2: bunzip2");
  EXPECT_EQ(compression("\x28\xb5\x2f"sv), "none");
  EXPECT_EQ(compression(""sv), "none");
}

TEST(Signatures, IsoImage) {
  auto image = with(40000, 32768, {0x30444301, 0x00013130});  // 1, "CD001", 1
  EXPECT_TRUE(is_iso_image(image));
  EXPECT_FALSE(is_iso_image(std::span(image).first(32773)));
  image[32770] = 'd';
  EXPECT_FALSE(is_iso_image(image));
}

}  // namespace
}  // namespace gdbvm::boot
