// Which images are booted by a firmware, and as what.
#include "vmm/boot/medium.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes disk(std::size_t size) {
  Bytes bytes(size);
  bytes[510] = 0x55;
  bytes[511] = 0xaa;
  return bytes;
}

void put(Bytes& bytes, std::size_t at, std::string_view text) {
  std::ranges::copy(text, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

Bytes cd() {
  Bytes bytes(0xa000);
  put(bytes, 0x8000, std::string_view("\1CD001\1", 7));
  bytes[0x8050] = 20;  // blocks
  return bytes;
}

std::string found(const Bytes& bytes, const LoadOptions& options = {}) {
  const auto head = std::span(bytes).first(std::min<std::size_t>(bytes.size(), medium_head));
  const auto medium = find_medium(head, bytes.size(), options);
  if (!medium) return medium.error();
  if (!*medium) return "none";
  constexpr const char* kinds[] = {"disk", "sector", "floppy", "cd"};
  return (*medium)->name + " as " + kinds[static_cast<int>((*medium)->kind)];
}

TEST(Medium, IsKnownByItsBootSector) {
  EXPECT_EQ(found(disk(512)), "boot sector as sector");
  EXPECT_EQ(found(disk(1000)), "boot sector as sector");
  EXPECT_EQ(found(disk(1440 * 1024)), "floppy image as floppy");
  EXPECT_EQ(found(disk(1440 * 1024 + 512)), "boot sector as sector");
  EXPECT_EQ(found(disk(5'120'000)), "disk image as disk");
  Bytes partitioned = disk(1441 * 512);
  partitioned[446] = 0x80;
  partitioned[450] = 0x83;
  EXPECT_EQ(found(partitioned), "disk image as disk");
  EXPECT_EQ(found(Bytes(512)), "none");
  EXPECT_EQ(found(Bytes(100)), "none");
}

TEST(Medium, AShortFloppyIsFilledUp) {
  EXPECT_EQ(floppy_size(360 * 1024), 360u * 1024);
  EXPECT_EQ(floppy_size(361 * 1024), 1440u * 1024);
  EXPECT_EQ(floppy_size(1441 * 1024), 2880u * 1024);
}

TEST(Medium, ACdNeedsABootRecord) {
  Bytes image = cd();
  EXPECT_THAT(found(image), HasSubstr("the image is the image of a CD without a boot record (El Torito)"));
  image[510] = 0x55;
  image[511] = 0xaa;
  EXPECT_EQ(found(image), "disk image as disk");
  put(image, 0x8800, std::string_view("\0CD001\1EL TORITO SPECIFICATION", 30));
  EXPECT_EQ(found(image), "CD image as cd");
  image[0x8050] = 21;
  EXPECT_EQ(found(image), "the image is truncated: the CD in it has 43008 bytes, the file 40960");
}

TEST(Medium, AKernelThatStartsByItselfIsNone) {
  Bytes kernel = disk(4096);
  constexpr std::string_view multiboot("\x02\xb0\xad\x1b\0\0\0\0\xfe\x4f\x52\xe4", 12);
  put(kernel, 0x400, multiboot);
  EXPECT_EQ(found(kernel), "boot sector as sector") << "in its second sector, without addresses";
  put(kernel, 0x400, std::string_view("\x02\xb0\xad\x1b\0\0\1\0\xfe\x4f\x51\xe4", 12));
  EXPECT_EQ(found(kernel), "none");
  put(kernel, 0x202, "HdrS");
  EXPECT_EQ(found(kernel), "none");
  Bytes elf = disk(4096);
  put(elf, 0,
      "\x7f"
      "ELF");
  EXPECT_EQ(found(elf), "none");
}

TEST(Medium, TheUserHasTheLastWord) {
  EXPECT_EQ(found(disk(512), {.load = {}, .mode = {}, .protocol = Protocol::Flat}), "none");
  EXPECT_EQ(found(disk(512), {.load = Gpa{0x7c00}, .mode = {}}), "none");
  EXPECT_EQ(found(disk(512), {.load = {}, .mode = Mode::Real}), "none");
}

}  // namespace
}  // namespace gdbvm::boot
