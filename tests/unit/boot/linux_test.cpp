// Linux: where a kernel is loaded, what it is passed, and images that are damaged or do not fit.
#include "vmm/boot/linux.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "elf_maker.h"
#include "plan_checks.h"
#include "plan_reader.h"
#include "vmm/boot/image.h"
#include "vmm/boot/linux_layouts.h"

namespace gdbvm::boot {
namespace {

using namespace linux_protocol;
using testing::HasSubstr;
using testing::StartsWith;
constexpr std::uint64_t mib = 1 << 20, ram_size = 64 * mib;

// A valid relocatable 64-bit bzImage, to be damaged field by field.
struct BzImage {
  BzImage() {
    header.setup_sectors = 1;
    header.boot_flag = boot_flag;
    header.jump[1] = sizeof(SetupHeader) - (0x202 - header_offset);
    header.magic = magic;
    header.version = 0x020f;
    header.load_flags = loaded_high;
    header.code32_start = 0x100000;
    header.initrd_last = 0x7fffffff;
    header.kernel_alignment = 0x200000;
    header.relocatable = 1;
    header.extended_load_flags = has_64bit_entry;
    header.command_line_size = 100;
    header.preferred_address = 16 * mib;
    header.init_size = 2 * mib;
    header.code_paragraphs = static_cast<std::uint32_t>(code.size() / 16);
  }
  std::vector<std::uint8_t> bytes() const {
    constexpr std::size_t setup_size = 1024;
    std::vector<std::uint8_t> image(setup_size + code.size());
    std::memcpy(&image[header_offset], &header, sizeof header);
    std::memcpy(&image[setup_size], code.data(), code.size());
    return image;
  }
  SetupHeader header;
  std::string code = std::string(0x200, 'a') + std::string(0x200, 'b');
};

LoadOptions options(const std::string& line = {}, std::vector<Module> modules = {}) {
  return options_of("bz", line, std::move(modules));
}
BootPlan plan(const BzImage& image, const LoadOptions& o, std::uint64_t size = ram_size) {
  const auto p = plan_linux(image.bytes(), o, size);
  if (!p) throw std::runtime_error(p.error());
  expect_sound(*p, size);
  return *p;
}
std::string refusal(const std::vector<std::uint8_t>& image, const LoadOptions& o, std::uint64_t size = ram_size) {
  const auto p = plan_boot(image, o, size);
  return p ? "accepted" : p.error();
}

TEST(Linux, KnowsWhichKernelsMayMove) {
  EXPECT_EQ(plan(BzImage{}, options("quiet nokaslrx kaslr")).sliding_kernel, Gva{0xffffffff81000000});
  for (const char* line : {"nokaslr", "quiet nokaslr", "nokaslr quiet", "a=nokaslr\tnokaslr"}) {
    EXPECT_FALSE(plan(BzImage{}, options(line)).sliding_kernel) << line;
  }
  BzImage stays;
  stays.header.relocatable = 0;
  stays.header.code32_start = 16 * mib;
  EXPECT_FALSE(plan(stays, options()).sliding_kernel);
  BzImage nowhere;
  nowhere.header.preferred_address = std::uint64_t{1} << 40;
  EXPECT_FALSE(plan(nowhere, options()).sliding_kernel);
  BzImage old;
  old.header.extended_load_flags = 0;
  EXPECT_FALSE(plan(old, options()).sliding_kernel);
}

TEST(Linux, EntersInLongModeWithAZeroPage) {
  const BootPlan p = plan(BzImage{}, options("console=ttyS0"));
  const PlanReader memory(p);
  EXPECT_EQ(p.general.rip, 16 * mib + 0x200);
  EXPECT_EQ(memory.byte(p.general.rip), 'b');
  EXPECT_EQ(x86::mode_of(p.system, p.general.rflags), x86::CpuMode::Long);
  EXPECT_EQ(p.system.cs.selector, 0x10);
  EXPECT_EQ(p.system.ds.selector, 0x18);
  const auto zero_page = memory.at<ZeroPage>(p.general.rsi);
  EXPECT_EQ(auto(zero_page.header.magic), magic);
  EXPECT_EQ(auto(zero_page.header.loader_type), 0xff);
  EXPECT_EQ(auto(zero_page.header.code32_start), 16 * mib);
  EXPECT_EQ(memory.string(zero_page.header.command_line), "console=ttyS0");
  EXPECT_EQ(memory.bytes(zero_page.acpi_root_pointer, 8), "RSD PTR ");
  EXPECT_EQ(auto(zero_page.header.ramdisk_size), 0u);
  EXPECT_EQ(memory.bytes(p.general.rsi + 6, 2), "\x03\x50") << "mode 3, 80 columns";
  EXPECT_EQ(memory.bytes(p.general.rsi + 0x0e, 4), std::string("\x19\x01\x10\0", 4)) << "25 rows of 16 lines, a VGA";
  ASSERT_EQ(auto(zero_page.e820_entries), 5);
  EXPECT_EQ(auto(zero_page.e820[3].start), mib);
  EXPECT_EQ(auto(zero_page.e820[3].size), 63 * mib);
  EXPECT_EQ(auto(zero_page.e820[3].kind), 1u);
  EXPECT_EQ(auto(zero_page.unused2[0x1ef - 0x1e9]), 0) << "the sentinel tells that the rest has been cleared";
}

TEST(Linux, TheInitrdLiesHighAndBelowTheKernelsLimit) {
  BzImage image;
  auto p = plan(image, options("", {module_of("a", std::string(5, 'x')), module_of("b", "y")}));
  auto zero_page = PlanReader(p).at<ZeroPage>(p.general.rsi);
  EXPECT_EQ(auto(zero_page.header.ramdisk_image), ram_size - 4096);
  EXPECT_EQ(auto(zero_page.header.ramdisk_size), 9u);
  EXPECT_EQ(PlanReader(p).bytes(zero_page.header.ramdisk_image, 9), std::string("xxxxx\0\0\0y", 9));

  image.header.initrd_last = 0x2ffffff;
  p = plan(image, options("", {module_of("a", "x")}));
  zero_page = PlanReader(p).at<ZeroPage>(p.general.rsi);
  EXPECT_EQ(auto(zero_page.header.ramdisk_image), 0x2fff000u);
}

TEST(Linux, AnOlderOr32BitKernelStartsInProtectedMode) {
  BzImage image;
  image.header.extended_load_flags = 0;
  BootPlan p = plan(image, options());
  EXPECT_EQ(p.general.rip, 16 * mib);
  EXPECT_EQ(x86::mode_of(p.system, p.general.rflags), x86::CpuMode::Protected32);
  EXPECT_EQ(p.general.rbx | p.general.rbp | p.general.rdi, 0u);
  EXPECT_EQ(PlanReader(p).u32(p.general.rsi + 0x202), magic);

  image.header.version = 0x0206;  // no preferred address, no flags
  image.header.relocatable = 0;
  EXPECT_EQ(plan(image, options()).general.rip, mib);
}

TEST(Linux, AKernelThatCannotBeMovedLoadsAtItsCode32Start) {
  BzImage image;
  image.header.relocatable = 0;
  const BootPlan p = plan(image, options("", {module_of("a", "x")}), 20 * mib);
  EXPECT_EQ(p.general.rip, mib + 0x200);
  EXPECT_THAT(refusal(image.bytes(), options(), 17 * mib), HasSubstr("does not fit the guest's memory"));
}

TEST(Linux, ARelocatableKernelGoesWhereThereIsRoom) {
  const BootPlan p = plan(BzImage{}, options(), 8 * mib);
  EXPECT_EQ(p.general.rip, 2 * mib + 0x200);
  EXPECT_THAT(refusal(BzImage{}.bytes(), options(), 3 * mib), HasSubstr("does not fit the guest's memory"));
}

TEST(Linux, TheCommandLineFitsOrIsRefused) {
  const BootPlan p = plan(BzImage{}, options(std::string(100, 'c')));
  EXPECT_EQ(PlanReader(p).string(PlanReader(p).u32(p.general.rsi + 0x228)), std::string(100, 'c'));
  EXPECT_EQ(refusal(BzImage{}.bytes(), options(std::string(101, 'c'))),
            "bz takes a command line of at most 100 bytes, and this one has 101");
}

TEST(Linux, AnInitrdThatDoesNotFit) {
  const auto big = module_of("initrd.gz", std::string(16 * mib, 'x'));
  EXPECT_EQ(refusal(BzImage{}.bytes(), options("", {big}), 18 * mib),
            "initrd.gz does not fit the guest's memory beside the kernel: it has 16777216 bytes");
  BzImage image;
  image.header.initrd_last = mib;
  EXPECT_THAT(refusal(image.bytes(), options("", {big})), StartsWith("initrd.gz does not fit"));
}

TEST(Linux, AVmlinuxHasNoHeaderOfItsOwn) {
  Elf64Maker maker(16 * mib);
  maker.add(16 * mib, 0xffffffff81000000, "code");
  maker.add(0, 0, words({6, 4, 0x100}) + std::string("Linux\0\0\0", 8) + words({0}), 0, PT_NOTE);
  const auto p = plan_boot(maker.bytes(), options("quiet", {module_of("a", "x")}), ram_size);
  ASSERT_TRUE(p) << p.error();
  expect_sound(*p, ram_size);
  EXPECT_EQ(p->format, "64-bit Linux kernel (vmlinux)");
  EXPECT_EQ(p->general.rip, 16 * mib);
  const PlanReader memory(*p);
  const auto zero_page = memory.at<ZeroPage>(p->general.rsi);
  EXPECT_EQ(auto(zero_page.header.magic), magic);
  EXPECT_EQ(auto(zero_page.header.boot_flag), boot_flag);
  EXPECT_EQ(memory.string(zero_page.header.command_line), "quiet");
  EXPECT_EQ(auto(zero_page.header.ramdisk_size), 1u);
}

struct Damage {
  const char* name;
  std::function<void(BzImage&)> apply;
  std::size_t length;  // of the file, 0: all of it
  const char* sentence;
};
class DamagedBzImage : public testing::TestWithParam<Damage> {};

TEST_P(DamagedBzImage, IsRefusedWithASentence) {
  BzImage image;
  GetParam().apply(image);
  auto bytes = image.bytes();
  if (GetParam().length) bytes.resize(GetParam().length);
  EXPECT_THAT(refusal(bytes, options()), HasSubstr(GetParam().sentence));
  EXPECT_THAT(refusal(bytes, options()), StartsWith("bz "));
}

const auto nothing = [](BzImage&) {};
INSTANTIATE_TEST_SUITE_P(
    All, DamagedBzImage,
    testing::Values(Damage{"cut_in_header", nothing, 0x210, "its setup header is not complete"},
                    Damage{"cut_before_code", nothing, 1024, "promises 1024 bytes of code, and there are 0"},
                    Damage{"cut_in_setup", nothing, 900, "and there are 0"},
                    Damage{"cut_in_code", nothing, 1500, "promises 1024 bytes of code, and there are 476"},
                    Damage{"short_code",
                           [](BzImage& i) {
                             i.code.resize(0x200);
                             i.header.code_paragraphs = 0x20;
                           },
                           0, "no code at its 64-bit entry"},
                    Damage{"old", [](BzImage& i) { i.header.version = 0x0204; }, 0, "speaks Linux boot protocol 2.04"},
                    Damage{"low", [](BzImage& i) { i.header.load_flags = 0; }, 0, "is a zImage"},
                    Damage{"huge", [](BzImage& i) { i.header.init_size = 0xffffffff; }, 0, "does not fit"},
                    Damage{"far",
                           [](BzImage& i) {
                             i.header.preferred_address = ~0ull;
                             i.header.init_size = ~0u;
                           },
                           0, "does not fit"},
                    Damage{"alignment",
                           [](BzImage& i) {
                             i.header.preferred_address = 0;
                             i.header.kernel_alignment = 0x300000;
                           },
                           0, "alignment is not a power of two"},
                    Damage{"more_paragraphs", [](BzImage& i) { i.header.code_paragraphs = ~0u; }, 0, "is truncated"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace gdbvm::boot
