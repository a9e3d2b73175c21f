// Multiboot: ELF and load addresses, the information structure, and headers that ask for too much.
#include "vmm/boot/multiboot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf_maker.h"
#include "plan_checks.h"
#include "plan_reader.h"
#include "vmm/boot/image.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
constexpr std::uint64_t mib = 1 << 20, ram_size = 64 * mib;
constexpr std::uint32_t magic = 0x1badb002;

std::string header(std::uint32_t flags, std::initializer_list<std::uint32_t> rest = {}) {
  return words({magic, flags, -(magic + flags)}) + words(rest);
}
std::vector<std::uint8_t> elf(const std::string& contents) {
  Elf32Maker maker(0x200000);
  maker.add(0x200000, 0x200000, contents, mib);
  return maker.bytes();
}
LoadOptions options(const std::string& line = {}, std::vector<Module> modules = {}) {
  LoadOptions o = options_of("k", line, std::move(modules));
  o.protocol = Protocol::Multiboot;
  return o;
}
std::string refusal(const std::vector<std::uint8_t>& image, const LoadOptions& o = options(),
                    std::uint64_t size = ram_size) {
  const auto p = plan_boot(image, o, size);
  return p ? "accepted" : p.error();
}

TEST(Multiboot, FindsItsHeader) {
  const std::string right = header(0x10003);
  EXPECT_EQ(find_multiboot_header(bytes_of(right)), 0u);
  EXPECT_EQ(find_multiboot_header(bytes_of(std::string(8180, 'x') + right)), 8180u);
  EXPECT_EQ(find_multiboot_header(bytes_of(std::string(8192, 'x') + right)), std::nullopt);
  EXPECT_EQ(find_multiboot_header(bytes_of("xx" + right)), std::nullopt);
  EXPECT_EQ(find_multiboot_header(bytes_of(right.substr(0, 11))), std::nullopt);
  EXPECT_EQ(find_multiboot_header(bytes_of(words({magic, 3, 1}))), std::nullopt);
}

TEST(Multiboot, AnElfWithItsInformation) {
  const auto p = plan_boot(elf(header(3)), options("x=1", {module_of("m", "module", "m arg")}), ram_size);
  ASSERT_TRUE(p) << p.error();
  expect_sound(*p, ram_size);
  EXPECT_EQ(p->format, "multiboot kernel, 32-bit ELF");
  EXPECT_EQ(p->general.rax, 0x2badb002u);
  EXPECT_EQ(p->general.rip, 0x200000u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
  const PlanReader memory(*p);
  const std::uint64_t info = p->general.rbx;
  EXPECT_EQ(memory.u32(info), 0x24du);
  EXPECT_EQ(memory.u32(info + 4), 639u);
  EXPECT_EQ(memory.u32(info + 8), 63u * 1024);
  EXPECT_EQ(memory.string(memory.u32(info + 16)), "k x=1");
  ASSERT_EQ(memory.u32(info + 20), 1u);
  const std::uint64_t module = memory.u32(info + 24);
  EXPECT_EQ(memory.bytes(memory.u32(module), memory.u32(module + 4) - memory.u32(module)), "module");
  EXPECT_EQ(memory.u32(module), 0x300000u) << "after the .bss";
  EXPECT_EQ(memory.string(memory.u32(module + 8)), "m arg");
  EXPECT_EQ(memory.u32(info + 44), 5u * 24);
  const std::uint64_t map = memory.u32(info + 48) + 3 * 24;
  EXPECT_EQ(memory.u32(map), 20u);
  EXPECT_EQ(memory.u64(map + 4), mib);
  EXPECT_EQ(memory.u64(map + 12), 63 * mib);
  EXPECT_EQ(memory.u32(map + 20), 1u);
  EXPECT_EQ(memory.string(memory.u32(info + 64)), "gdbvm");
}

TEST(Multiboot, AnImageThatSaysWhereItGoes) {
  // The header is at 8 in the file and 0x100008 in memory; loaded up to 0x100030, .bss up to 0x100100.
  const std::string image =
      "skipped!" + header(0x10000, {0x100008, 0x100004, 0x100030, 0x100100, 0x100028}) + std::string(64, 'c');
  auto o = options("", {module_of("m", "module")});
  o.protocol = Protocol::Auto;
  const auto p = plan_boot(bytes_of(image), o, ram_size);
  ASSERT_TRUE(p) << p.error();
  expect_sound(*p, ram_size);
  EXPECT_EQ(p->format, "multiboot kernel, flat image");
  EXPECT_EQ(p->general.rip, 0x100028u);
  const PlanReader memory(*p);
  EXPECT_EQ(memory.u32(0x100008), magic);
  EXPECT_EQ(memory.bytes(0x100004, 4), "ped!");
  EXPECT_EQ(memory.byte(0x10002f), 'c');
  EXPECT_EQ(memory.byte(0x100030), 0);
  EXPECT_EQ(memory.u32(memory.u32(p->general.rbx + 24)), 0x101000u);
}

TEST(Multiboot, AWholeFileByLoadAddresses) {
  const std::string image = header(0x10000, {0x100000, 0x100000, 0, 0, 0x100020}) + std::string(64, 'c');
  const auto p = plan_boot(bytes_of(image), options(), ram_size);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(PlanReader(*p).byte(0x100000 + static_cast<std::uint32_t>(image.size()) - 1), 'c');
}

TEST(Multiboot, HeadersThatAreRefused) {
  EXPECT_EQ(refusal(elf(words({magic, 3, 1}))), "k has no multiboot header with a correct checksum");
  EXPECT_EQ(refusal(elf(header(1 << 5))), "k: its multiboot header demands features 0x20, which gdbvm does not have");
  EXPECT_EQ(refusal(bytes_of(header(3))), "k is not an ELF, and its multiboot header has no load addresses");
  EXPECT_THAT(refusal(bytes_of(header(0x10000, {1, 2}))), HasSubstr("header is not complete"));
  const auto flat = [](std::initializer_list<std::uint32_t> addresses) {
    return refusal(bytes_of(header(0x10000, addresses) + std::string(64, 'c')));
  };
  EXPECT_THAT(flat({0x100000, 0x100004, 0, 0, 0x100000}), HasSubstr("lie outside the file"));
  EXPECT_THAT(flat({0x100004, 0x100000, 0, 0, 0x100000}), HasSubstr("lie outside the file"));
  EXPECT_THAT(flat({0x100000, 0x100000, 0xff000, 0, 0x100000}), HasSubstr("end before they begin"));
  EXPECT_THAT(flat({0x100000, 0x100000, 0x200000, 0, 0x100000}), HasSubstr("ask for more than the file has"));
  EXPECT_THAT(flat({0x100000, 0x100000, 0, 0x100004, 0x100000}), HasSubstr("end the .bss before it begins"));
  EXPECT_THAT(flat({0xfffffff0, 0xfffffff0, 0, 0, 0xfffffff0}), HasSubstr("lie outside the guest's memory"));
  EXPECT_THAT(flat({0x100000, 0x100000, 0, 0xffffffff, 0x100000}), HasSubstr("lie outside the guest's memory"));
  EXPECT_THAT(flat({0x100000, 0x100000, 0, 0, 0xf0000000}), HasSubstr("entry point 0xf0000000 is outside"));
}

TEST(Multiboot, ModulesThatDoNotFit) {
  const auto big = module_of("initrd", std::string(2 * mib, 'x'));
  EXPECT_EQ(refusal(elf(header(3)), options("", {big}), 4 * mib),
            "initrd does not fit the guest's memory beside the kernel: it has 2097152 bytes");
  EXPECT_EQ(refusal(elf(header(3)), options("", {big, big}), 8 * mib), "accepted");
}

// An entry in the list, but no memory: the command line's block may begin at the same address.
TEST(Multiboot, AnEmptyModuleIsNoPlacement) {
  const auto empty = module_of("initrd", "");
  const auto with = plan_boot(elf(header(3)), options("", {empty, empty}), ram_size);
  const auto without = plan_boot(elf(header(3)), options("", {}), ram_size);
  ASSERT_TRUE(with && without);
  expect_sound(*with, ram_size);
  EXPECT_EQ(with->placements.size(), without->placements.size());
}

}  // namespace
}  // namespace gdbvm::boot
