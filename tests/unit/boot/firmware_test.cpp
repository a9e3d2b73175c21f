// Firmware: where its ROM and its copy are, and the CPU at the reset vector.
#include "vmm/boot/firmware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan_checks.h"
#include "vmm/boot/image.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;
constexpr std::uint64_t kib = 1024, mib = 1024 * kib, ram_size = 16 * mib;

LoadOptions firmware() {
  LoadOptions o;
  o.name = "bios";
  o.protocol = Protocol::Firmware;
  return o;
}
std::vector<std::uint8_t> image_of(std::size_t size) {
  std::vector<std::uint8_t> image(size);
  for (std::size_t i = 0; i < size; ++i) image[i] = static_cast<std::uint8_t>(i / 4096 + 1);
  return image;
}

TEST(Firmware, EndsAtFourGibAndBelowOneMib) {
  for (const std::size_t size : {64 * kib, 256 * kib, 16 * mib}) {
    const auto image = image_of(size);
    const auto p = plan_boot(image, firmware(), ram_size);
    ASSERT_TRUE(p) << p.error();
    expect_disjoint(*p, ram_size);
    ASSERT_TRUE(p->rom);
    EXPECT_EQ(p->rom->start.value + size, std::uint64_t{1} << 32);
    EXPECT_EQ(p->rom->bytes, image);
    ASSERT_EQ(p->placements.size(), 1u) << "no tables from gdbvm";
    const Placement& low = p->placements[0];
    EXPECT_EQ(low.bytes.size(), std::min(size, 256 * kib));
    EXPECT_EQ(low.start.value + low.bytes.size(), mib);
    EXPECT_EQ(low.bytes.back(), image.back());
    EXPECT_EQ(x86::linear_pc(p->system, p->general.rip), 0xfffffff0u);
    EXPECT_EQ(x86::mode_of(p->system, p->general.rflags), x86::CpuMode::Real);
    EXPECT_EQ(p->system.cs.selector, 0xf000);
  }
}

TEST(Firmware, WhatIsNone) {
  const auto refusal = [](std::size_t size, std::uint64_t ram = ram_size, const std::string& line = {}) {
    LoadOptions o = firmware();
    o.command_line = line;
    const auto p = plan_boot(image_of(size), o, ram);
    return p ? "accepted" : p.error();
  };
  EXPECT_THAT(refusal(4095), HasSubstr("bios is not a firmware image: it has 4095 bytes"));
  EXPECT_THAT(refusal(16 * mib + 4096), HasSubstr("at most 16777216"));
  EXPECT_EQ(refusal(4096, 512 * kib), "bios needs at least 1 MiB of memory");
  EXPECT_THAT(refusal(4096, ram_size, "x"), HasSubstr("no protocol that has a command line"));
}

}  // namespace
}  // namespace gdbvm::boot
