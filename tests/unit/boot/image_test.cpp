// Which loader an image gets, and which images are not booted wrongly.
#include "vmm/boot/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf_maker.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint64_t ram_size = 16 << 20;

std::string outcome(const std::vector<std::uint8_t>& image, LoadOptions options = {}) {
  options.name = "img";
  const auto p = plan_boot(image, options, ram_size);
  return p ? "ok: " + p->format : p.error();
}

std::vector<std::uint8_t> elf64(const std::string& contents = "code", const std::string& notes = {}) {
  Elf64Maker maker(0x100000);
  maker.add(0x100000, 0x100000, contents);
  maker.add(0, 0, notes, 0, PT_NOTE);
  return maker.bytes();
}
std::string words(std::initializer_list<std::uint32_t> values) {
  std::string out;
  for (const std::uint32_t v : values) out.append(reinterpret_cast<const char*>(&v), sizeof v);
  return out;
}
std::vector<std::uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }

const std::string multiboot = words({0x1badb002, 3, -(0x1badb002u + 3)});
const std::string multiboot2 = words({0xe85250d6, 0, 16, -(0xe85250d6u + 16)});

std::vector<std::uint8_t> linux_image() {
  std::vector<std::uint8_t> image(4096);
  image[0x1fe] = 0x55;
  image[0x1ff] = 0xaa;
  std::memcpy(&image[0x202], "HdrS", 4);
  return image;
}

TEST(Image, RecognisesPlainFormats) {
  std::vector<std::uint8_t> sector(512);
  sector[510] = 0x55;
  sector[511] = 0xaa;
  EXPECT_EQ(outcome(elf64()), "ok: 64-bit ELF");
  EXPECT_EQ(outcome(sector), "ok: boot sector");
  EXPECT_EQ(outcome(bytes("flat"), {.load = Gpa{0x1000}, .mode = {}}), "ok: real-mode flat image");
  EXPECT_EQ(outcome({}), "img is empty");
}

TEST(Image, OtherProtocolsAreNotBootedWrongly) {
  EXPECT_THAT(outcome(linux_image()), HasSubstr("a Linux kernel image, which gdbvm cannot boot yet"));
  EXPECT_THAT(outcome(elf64(multiboot)), HasSubstr("a multiboot kernel, which gdbvm cannot boot yet"));
  EXPECT_THAT(outcome(elf64(multiboot2)), HasSubstr("a multiboot2 kernel, which gdbvm cannot boot yet"));
  EXPECT_THAT(outcome(bytes(multiboot)), HasSubstr("a multiboot kernel"));
  EXPECT_THAT(outcome(bytes(multiboot2)), HasSubstr("a multiboot2 kernel"));
  const std::string pvh = words({4, 4, 18}) + std::string("Xen\0", 4) + words({0x100000});
  EXPECT_THAT(outcome(elf64("code", pvh)), HasSubstr("a PVH kernel, which gdbvm cannot boot yet"));
}

TEST(Image, AProtocolCanBeForced) {
  EXPECT_EQ(outcome(elf64(multiboot), {.load = {}, .mode = {}, .protocol = Protocol::Elf}), "ok: 64-bit ELF");
  EXPECT_EQ(outcome(linux_image(), {.load = Gpa{0x10000}, .mode = {}, .protocol = Protocol::Flat}),
            "ok: real-mode flat image");
  EXPECT_EQ(outcome(linux_image(), {.load = {}, .mode = {}, .protocol = Protocol::Flat}), "ok: boot sector");
  EXPECT_EQ(outcome(elf64(), {.load = Gpa{0x10000}, .mode = {}, .protocol = Protocol::Flat}),
            "ok: real-mode flat image");
  EXPECT_EQ(outcome(linux_image(), {.load = {}, .mode = {}, .protocol = Protocol::Elf}), "img is not an ELF");
}

TEST(Image, AnElfSaysItselfWhereAndHow) {
  EXPECT_THAT(outcome(elf64(), {.load = Gpa{0}, .mode = {}}), HasSubstr("no --load"));
  EXPECT_THAT(outcome(elf64(), {.load = {}, .mode = Mode::Long}), HasSubstr("--mode can only be protected"));
}

TEST(Image, ErrorsNameTheImage) {
  for (const auto& image : {elf64(multiboot), linux_image(), bytes("x"),
                            bytes("\x7f"
                                  "ELF")}) {
    EXPECT_THAT(outcome(image), StartsWith("img "));
  }
}

}  // namespace
}  // namespace gdbvm::boot
