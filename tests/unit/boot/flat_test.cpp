// Flat images in the three modes.
#include "vmm/boot/flat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan_checks.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t ram_size = 16 << 20;

std::vector<std::uint8_t> boot_sector(std::size_t sectors = 1) {
  std::vector<std::uint8_t> image(sectors * 512, 0x90);
  image[510] = 0x55;
  image[511] = 0xaa;
  return image;
}
const std::vector<std::uint8_t> some_bytes(100, 0xf4);

LoadOptions at(std::uint64_t address, std::optional<Mode> mode = {}) {
  return {.load = Gpa{address}, .mode = mode, .name = "f.bin"};
}

TEST(Flat, ABootSectorStartsAsTheBiosStartsIt) {
  const auto p = plan_flat(boot_sector(), {}, ram_size);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->format, "boot sector");
  EXPECT_EQ(p->architecture, GuestArchitecture::I8086);
  EXPECT_EQ(p->system.cs.selector, 0);
  EXPECT_EQ(p->general.rip, 0x7c00u);
  EXPECT_EQ(p->general.rdx, 0x80u);
  EXPECT_EQ(p->placements.at(0).start, Gpa{0x7c00});
  EXPECT_EQ(p->placements[0].bytes.size(), 512u);
  EXPECT_EQ(p->system.ss.base, 0u);
  EXPECT_GT(p->general.rsp, 0x6c00u);
  EXPECT_LT(p->general.rsp, 0x7c00u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Real);
  EXPECT_EQ(p->general.rflags, 2u);
  EXPECT_EQ(p->system.apic_base, 0xfee00900u);
  expect_disjoint(*p, ram_size);
}

TEST(Flat, RealModeStartsAtItsFirstByteAnywhereBelow1MiB) {
  struct Case {
    std::uint64_t load;
    std::uint16_t cs;
    std::uint64_t ip;
  };
  for (const auto& [load, cs, ip] : {Case{0, 0, 0},
                                     {0x1234, 0, 0x1234},
                                     {0xffff, 0, 0xffff},
                                     {0x10000, 0x1000, 0},
                                     {0x12345, 0x1234, 5},
                                     {0xf0000, 0xf000, 0}}) {
    const auto p = plan_flat(some_bytes, at(load), ram_size);
    ASSERT_TRUE(p) << p.error();
    EXPECT_EQ(p->system.cs.selector, cs);
    EXPECT_EQ(p->system.cs.base, std::uint64_t{cs} << 4);
    EXPECT_EQ(p->general.rip, ip);
    EXPECT_EQ(x86::linear_pc(p->system, p->general.rip), load);
    EXPECT_EQ(p->format, "real-mode flat image");
  }
}

TEST(Flat, TheRealModeStackMakesWay) {
  const std::vector<std::uint8_t> big(0x20000, 0x90);
  const auto p = plan_flat(big, at(0x500), ram_size);
  ASSERT_TRUE(p) << p.error();
  const std::uint64_t stack = p->system.ss.base + p->general.rsp;
  EXPECT_EQ(p->system.ss.base, std::uint64_t{p->system.ss.selector} << 4);
  EXPECT_GE(stack, 0x20500u);
  EXPECT_LE(stack, 0x9fc00u);
  EXPECT_LE(p->general.rsp, 0xffffu);
}

TEST(Flat, ProtectedModeByChoice) {
  const auto p = plan_flat(some_bytes, {.load = {}, .mode = Mode::Protected}, ram_size);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->architecture, GuestArchitecture::I386);
  EXPECT_EQ(p->general.rip, 0x100000u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Protected32);
  expect_sound(*p, ram_size);
}

TEST(Flat, LongModeByChoice) {
  const auto p = plan_flat(some_bytes, at(0x200000, Mode::Long), ram_size);
  ASSERT_TRUE(p) << p.error();
  EXPECT_EQ(p->architecture, GuestArchitecture::X86_64);
  EXPECT_EQ(p->general.rip, 0x200000u);
  EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Long);
  expect_sound(*p, ram_size);
}

TEST(Flat, WhatCannotBe) {
  const auto error = [](const std::vector<std::uint8_t>& image, const LoadOptions& options,
                        std::uint64_t size = ram_size) {
    const auto p = plan_flat(image, options, size);
    return p ? "accepted" : p.error();
  };
  EXPECT_THAT(error(some_bytes, {}), HasSubstr("neither an ELF nor a boot sector: --load"));
  EXPECT_THAT(error(some_bytes, at(0x100000)), HasSubstr("real mode, which ends at 1 MiB"));
  EXPECT_THAT(error(some_bytes, at(std::uint64_t{1} << 32, Mode::Protected)), HasSubstr("32-bit"));
  EXPECT_THAT(error(some_bytes, at(ram_size, Mode::Long)), HasSubstr("does not fit"));
  EXPECT_THAT(error(some_bytes, at(ram_size - 99, Mode::Long)), HasSubstr("does not fit"));
  EXPECT_THAT(error(some_bytes, at(~std::uint64_t{0}, Mode::Long)), HasSubstr("does not fit"));
  EXPECT_THAT(error(std::vector<std::uint8_t>(0x9f700), at(0x500)), HasSubstr("no room in the guest's memory for a"));
  EXPECT_THAT(error(std::vector<std::uint8_t>(ram_size), at(0, Mode::Long)), HasSubstr("no room"));
  EXPECT_THAT(error(boot_sector(), {}, 4096), HasSubstr("does not fit"));
}

}  // namespace
}  // namespace gdbvm::boot
