// Which loader an image gets, and which images are not booted wrongly.
#include "vmm/boot/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf_maker.h"
#include "plan_reader.h"

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

const std::string multiboot = words({0x1badb002, 3, -(0x1badb002u + 3)});
const std::string multiboot2 = words({0xe85250d6, 0, 24, -(0xe85250d6u + 24), 0, 8});

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
  EXPECT_EQ(outcome(bytes_of("flat"), {.load = Gpa{0x1000}, .mode = {}}), "ok: real-mode flat image");
  EXPECT_EQ(outcome({}), "img is empty");
}

// A kernel's own protocol comes first, and the loader of the recognised protocol decides.
TEST(Image, RecognisesProtocols) {
  const std::string pvh = words({4, 4, 18}) + std::string("Xen\0", 4) + words({0x100000});
  const std::string from_linux = words({6, 0, 0x100}) + std::string("Linux\0\0\0", 8);
  EXPECT_EQ(outcome(elf64(multiboot)), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64(multiboot2)), "ok: multiboot2 kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64(std::string(8, 'x') + multiboot + std::string(4, 'x') + multiboot2)),
            "ok: multiboot2 kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64("code", pvh)), "ok: 64-bit PVH kernel");
  EXPECT_EQ(outcome(elf64(multiboot, pvh)), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64("code", from_linux + pvh)), "ok: 64-bit Linux kernel (vmlinux)");
  EXPECT_THAT(outcome(linux_image()), HasSubstr("speaks Linux boot protocol 0.00"));
  EXPECT_THAT(outcome(bytes_of(multiboot)), HasSubstr("is not an ELF, and its multiboot header has no load addresses"));
  EXPECT_EQ(outcome(bytes_of("\x1f\x8b\x08" + multiboot)), "img is compressed by gzip: unpack it first (gunzip)");
}

// Multiboot headers of kernels that request a framebuffer; version 1 can do without it.
const std::string wants_framebuffer =
    words({0xe85250d6, 0, 16 + 24 + 8, -(0xe85250d6u + 48), 5, 20, 1024, 768, 32, 0, 0, 8});

TEST(Image, MultibootOneServesWhereTwoDemandsWhatThereIsNot) {
  const LoadOptions one{.load = {}, .mode = {}, .protocol = Protocol::Multiboot1};
  const LoadOptions two{.load = {}, .mode = {}, .protocol = Protocol::Multiboot2};
  const std::string both = wants_framebuffer + multiboot;
  EXPECT_EQ(outcome(elf64(both)), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_THAT(outcome(elf64(both), two), HasSubstr("demands what its tag 5 describes"));
  EXPECT_THAT(outcome(elf64(wants_framebuffer)), HasSubstr("demands what its tag 5 describes"));
  const std::string friendly = multiboot2 + multiboot;
  EXPECT_EQ(outcome(elf64(friendly)), "ok: multiboot2 kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64(friendly), one), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64(friendly), two), "ok: multiboot2 kernel, 64-bit ELF");
  EXPECT_EQ(outcome(elf64(multiboot), two), "img has no multiboot2 header with a correct checksum");
  EXPECT_EQ(outcome(elf64(multiboot2), one), "img has no multiboot header with a correct checksum");
}

// Solo5's kernels have a PT_INTERP on purpose, and linkers add one to a PIE.
TEST(Image, AnInterpreterMattersOnlyToAnElfWithoutAProtocol) {
  const auto image = [](const std::string& contents) {
    Elf64Maker maker(0x100000);
    maker.add(0x100000, 0x100000, contents);
    maker.add(0, 0, "/lib/ld.so", 0, PT_INTERP);
    return maker.bytes();
  };
  LoadOptions line;
  line.command_line = "hello";
  EXPECT_EQ(outcome(image(multiboot)), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_EQ(outcome(image(multiboot), line), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_THAT(outcome(image("code")), HasSubstr("needs a dynamic linker"));
  EXPECT_THAT(outcome(image("code"), line), HasSubstr("needs a dynamic linker"));
}

TEST(Image, WhatIsWrongWithAnElfComesBeforeWhatItsOptionsMean) {
  Elf64Maker maker(0x100000);
  maker.header.e_type = ET_REL;
  LoadOptions line;
  line.command_line = "quiet";
  EXPECT_EQ(outcome(maker.bytes(), line), "img is an object file, which has not been linked");
}

TEST(Image, ForeignFormatsAreNamed) {
  EXPECT_EQ(outcome(bytes_of("\xfd"
                             "7zXZ" +
                             std::string(600, '\0'))),
            "img is compressed by xz: unpack it first (unxz)");
}

TEST(Image, OptionsThatMeanNothingAreRefused) {
  LoadOptions line, initrd;
  line.command_line = "quiet";
  initrd.modules.push_back(module_of("a", "x"));
  EXPECT_EQ(outcome(elf64(), line), "img is started by no protocol that has a command line");
  EXPECT_EQ(outcome(elf64(), initrd), "img is started by no protocol that has an initrd");
  EXPECT_EQ(outcome(elf64(multiboot), line), "ok: multiboot kernel, 64-bit ELF");
  EXPECT_THAT(outcome(linux_image(), {.load = Gpa{0x1000}, .mode = {}}), HasSubstr("no --load"));
  EXPECT_THAT(outcome(linux_image(), {.load = {}, .mode = Mode::Long}), HasSubstr("no --mode"));
  EXPECT_EQ(outcome(elf64(multiboot), {.load = {}, .mode = Mode::Protected}), "ok: 64-bit ELF");
}

TEST(Image, AProtocolCanBeForced) {
  EXPECT_EQ(outcome(elf64(multiboot), {.load = {}, .mode = {}, .protocol = Protocol::Elf}), "ok: 64-bit ELF");
  EXPECT_EQ(outcome(linux_image(), {.load = Gpa{0x10000}, .mode = {}, .protocol = Protocol::Flat}),
            "ok: real-mode flat image");
  EXPECT_EQ(outcome(linux_image(), {.load = {}, .mode = {}, .protocol = Protocol::Flat}), "ok: boot sector");
  EXPECT_EQ(outcome(elf64(), {.load = Gpa{0x10000}, .mode = {}, .protocol = Protocol::Flat}),
            "ok: real-mode flat image");
  EXPECT_EQ(outcome(linux_image(), {.load = {}, .mode = {}, .protocol = Protocol::Elf}), "img is not an ELF");
  EXPECT_EQ(outcome(elf64(multiboot), {.load = {}, .mode = {}, .protocol = Protocol::Linux}),
            "ok: 64-bit Linux kernel (vmlinux)");
  EXPECT_EQ(outcome(linux_image(), {.load = {}, .mode = {}, .protocol = Protocol::Pvh}), "img is not an ELF");
}

TEST(Image, AnElfSaysItselfWhereAndHow) {
  EXPECT_THAT(outcome(elf64(), {.load = Gpa{0}, .mode = {}}), HasSubstr("no --load"));
  EXPECT_THAT(outcome(elf64(), {.load = {}, .mode = Mode::Long}), HasSubstr("--mode can only be protected"));
}

TEST(Image, ErrorsNameTheImage) {
  for (const auto& image : {linux_image(), bytes_of("x"),
                            bytes_of("\x7f"
                                     "ELF")}) {
    EXPECT_THAT(outcome(image), StartsWith("img "));
  }
}

}  // namespace
}  // namespace gdbvm::boot
