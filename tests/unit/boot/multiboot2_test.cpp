// Multiboot2: the tags of the header, the tags of the information, and demands that cannot be met.
#include "vmm/boot/multiboot2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "elf_maker.h"
#include "plan_checks.h"
#include "plan_reader.h"
#include "vmm/boot/image.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
constexpr std::uint64_t mib = 1 << 20, ram_size = 64 * mib;
constexpr std::uint32_t magic = 0xe85250d6;

std::string tag(std::uint32_t type, std::initializer_list<std::uint32_t> body, std::uint32_t flags = 0) {
  std::string out = words({type | flags << 16, static_cast<std::uint32_t>(8 + body.size() * 4)}) + words(body);
  out.resize((out.size() + 7) & ~std::size_t{7});
  return out;
}
const std::string end_tag = tag(0, {});
std::string header(const std::string& tags, std::uint32_t architecture = 0) {
  const auto length = static_cast<std::uint32_t>(16 + tags.size());
  return words({magic, architecture, length, -(magic + architecture + length)}) + tags;
}
std::vector<std::uint8_t> elf(const std::string& contents) {
  Elf64Maker maker(0x200000);
  maker.add(0x200000, 0x200000, contents, mib);
  return maker.bytes();
}
LoadOptions options(const std::string& line = {}, std::vector<Module> modules = {}) {
  return options_of("k", line, std::move(modules));
}
std::string refusal(const std::vector<std::uint8_t>& image, LoadOptions o = options(), std::uint64_t size = ram_size) {
  o.protocol = Protocol::Multiboot;
  const auto p = plan_boot(image, o, size);
  return p ? "accepted" : p.error();
}
// Where each type's last tag is.
std::map<std::uint32_t, std::uint64_t> tags_of(const PlanReader& memory, std::uint64_t info) {
  std::map<std::uint32_t, std::uint64_t> tags;
  const std::uint64_t end = info + memory.u32(info);
  for (std::uint64_t at = info + 8; at < end; at += (memory.u32(at + 4) + 7) & ~7u) {
    EXPECT_GE(memory.u32(at + 4), 8u);
    tags[memory.u32(at)] = at;
    if (memory.u32(at + 4) < 8) break;
  }
  return tags;
}

TEST(Multiboot2, FindsItsHeader) {
  const std::string right = header(end_tag);
  EXPECT_EQ(find_multiboot2_header(bytes_of(right)), 0u);
  EXPECT_EQ(find_multiboot2_header(bytes_of(std::string(32752, 'x') + right)), 32752u);
  EXPECT_EQ(find_multiboot2_header(bytes_of(std::string(32768, 'x') + right)), std::nullopt);
  EXPECT_EQ(find_multiboot2_header(bytes_of("xxxx" + right)), std::nullopt);
}

TEST(Multiboot2, TheInformation) {
  const auto p = plan_boot(elf(header(tag(1, {1, 3, 6, 15}) + end_tag)),
                           options("x=1", {module_of("m", "module", "m arg")}), ram_size);
  ASSERT_TRUE(p) << p.error();
  expect_sound(*p, ram_size);
  EXPECT_EQ(p->format, "multiboot2 kernel, 64-bit ELF");
  EXPECT_EQ(p->general.rax, 0x36d76289u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
  const PlanReader memory(*p);
  EXPECT_EQ(p->general.rbx % 8, 0u);
  auto tags = tags_of(memory, p->general.rbx);
  EXPECT_EQ(memory.string(tags[1] + 8), "x=1");
  EXPECT_EQ(memory.u32(tags[1] + 4), 8u + 4);
  EXPECT_EQ(memory.string(tags[2] + 8), "gdbvm");
  EXPECT_EQ(memory.bytes(memory.u32(tags[3] + 8), 6), "module");
  EXPECT_EQ(memory.u32(tags[3] + 12) - memory.u32(tags[3] + 8), 6u);
  EXPECT_EQ(memory.string(tags[3] + 16), "m arg");
  EXPECT_EQ(memory.u32(tags[4] + 12), 63u * 1024);
  EXPECT_EQ(memory.u32(tags[6] + 4), 16u + 5 * 24);
  EXPECT_EQ(memory.u32(tags[6] + 8), 24u);
  EXPECT_EQ(memory.u64(tags[6] + 16 + 3 * 24), mib);
  EXPECT_EQ(memory.bytes(tags[14] + 8, 8), "RSD PTR ");
  EXPECT_EQ(memory.u32(tags[14] + 4), 8u + 20);
  EXPECT_EQ(memory.u32(tags[15] + 4), 8u + 36);
  EXPECT_EQ(memory.u32(tags[21] + 8), 0x200000u);
  EXPECT_TRUE(tags.contains(0));
}

TEST(Multiboot2, EntryAndLoadAddresses) {
  const auto at_entry = plan_boot(elf(header(tag(3, {0x200010}) + end_tag)), options(), ram_size);
  ASSERT_TRUE(at_entry) << at_entry.error();
  EXPECT_EQ(at_entry->general.rip, 0x200010u);

  const std::string tags = tag(2, {0x100000, 0x100000, 0, 0x100200}) + tag(3, {0x100004}) + end_tag;
  const auto flat = plan_boot(bytes_of(header(tags)), options(), ram_size);
  ASSERT_TRUE(flat) << flat.error();
  EXPECT_EQ(flat->general.rip, 0x100004u);
  EXPECT_EQ(PlanReader(*flat).u32(0x100000), magic);
}

TEST(Multiboot2, OptionalDemandsArePassedOver) {
  const std::string tags = tag(1, {5, 8}, 1) + tag(5, {1024, 768, 32}, 1) + tag(7, {}, 1) + tag(9, {0x1000}, 1) +
                           tag(4, {3}) + tag(6, {}) + tag(10, {0, 0xffffffff, 0x200000, 2}) + tag(77, {1}, 1);
  EXPECT_EQ(refusal(elf(header(tags + end_tag))), "accepted");
}

TEST(Multiboot2, TagsForEfiMeanNothingWithoutIt) {
  EXPECT_EQ(refusal(elf(header(tag(7, {}) + tag(8, {0x1000}) + tag(9, {0x1000}) + end_tag))), "accepted");
}

// As NuttX requests the EFI system table.
TEST(Multiboot2, InformationThatThereIsNotMayBeRequested) {
  for (std::uint32_t type = 0; type <= 21; ++type) {
    EXPECT_EQ(refusal(elf(header(tag(1, {4, type}) + end_tag))), "accepted") << type;
  }
}

TEST(Multiboot2, WhatIsRefused) {
  EXPECT_EQ(refusal(elf(header(tag(1, {6, 22}) + end_tag))),
            "k: its multiboot2 header demands information of type 22, which Multiboot2 does not have");
  EXPECT_THAT(refusal(elf(header(tag(5, {1, 2, 3}) + end_tag))), HasSubstr("demands what its tag 5 describes"));
  EXPECT_THAT(refusal(elf(header(end_tag, 4))), HasSubstr("is for architecture 4, not i386"));
  EXPECT_THAT(refusal(elf(header(tag(4, {3})))), HasSubstr("has no end tag"));
  EXPECT_THAT(refusal(elf(header(words({4, 4}) + end_tag))), HasSubstr("a tag reaches beyond it"));
  EXPECT_THAT(refusal(elf(header(words({4, 0x7fffffff}) + end_tag))), HasSubstr("a tag reaches beyond it"));
  EXPECT_THAT(refusal(elf(header(tag(2, {1}) + end_tag))), HasSubstr("its address tag is too short"));
  EXPECT_THAT(refusal(elf(header(tag(3, {}) + end_tag))), HasSubstr("its entry tag is too short"));
  EXPECT_THAT(refusal(bytes_of(header(end_tag))), HasSubstr("is not an ELF, and its multiboot2 header has no load"));
  const std::string no_entry = tag(2, {0x100000, 0x100000, 0, 0}) + end_tag;
  EXPECT_THAT(refusal(bytes_of(header(no_entry))), HasSubstr("has load addresses but no entry point"));
  EXPECT_THAT(refusal(elf(header(tag(3, {0xf0000000}) + end_tag))), HasSubstr("is outside the guest's memory"));
  const std::uint32_t length = 0x1000000;
  EXPECT_THAT(refusal(elf(words({magic, 0, length, -(magic + length)}))), HasSubstr("reaches beyond the file"));
  EXPECT_THAT(refusal(elf(words({magic, 0, 16, 1}))), HasSubstr("no multiboot header with a correct checksum"));
}

}  // namespace
}  // namespace gdbvm::boot
