// CPUID's topology leaves for a machine with several CPUs.
#include "vmm/x86/cpuid.h"

#include <gtest/gtest.h>

namespace gdbvm::x86 {
namespace {

std::vector<CpuidEntry> supported() {
  return {{.function = 0, .eax = 0x1f},
          {.function = 1, .ebx = 0x07100800, .ecx = 1, .edx = 1},
          {.function = 4, .index = 0, .flags = 1, .eax = 0x1c000121},
          {.function = 4, .index = 3, .flags = 1, .eax = 0x163},
          {.function = 0xb, .index = 0, .flags = 1, .edx = 7},
          {.function = 0x40000000, .eax = 0x40000001, .ebx = 0x4b4d564b, .ecx = 0x564b4d56, .edx = 0x4d},
          {.function = 0x80000008, .eax = 0x3030},
          {.function = 0x8000001e, .eax = 7}};
}

TEST(Topology, EachCpuHasItsOwnApicId) {
  for (std::uint32_t id = 0; id < 6; ++id) {
    const auto entries = cpuid_for_cpu(supported(), id, 6);
    EXPECT_EQ(find(entries, 1)->ebx >> 24, id);
    EXPECT_EQ(find(entries, 1)->ebx >> 16 & 0xff, 6u);
    EXPECT_EQ(find(entries, 0xb, 0)->edx, id);
    EXPECT_EQ(find(entries, 0xb, 1)->edx, id);
    EXPECT_EQ(find(entries, 0x1f, 1)->edx, id);
    EXPECT_EQ(find(entries, 0x8000001e)->eax, id);
  }
}

TEST(Topology, LevelsShiftByTheBitsOfTheCpuNumbers) {
  const auto entries = cpuid_for_cpu(supported(), 2, 6);
  EXPECT_EQ(find(entries, 0xb, 0)->eax, 0u);
  EXPECT_EQ(find(entries, 0xb, 0)->ecx, 0x100u);
  EXPECT_EQ(find(entries, 0xb, 1)->eax, 3u);
  EXPECT_EQ(find(entries, 0xb, 1)->ebx, 6u);
  EXPECT_EQ(find(entries, 0xb, 1)->ecx, 0x201u);
  EXPECT_EQ(find(entries, 0xb, 2)->ecx, 2u);
  EXPECT_EQ(find(entries, 4, 0)->eax >> 26, 7u);
  EXPECT_EQ(find(entries, 4, 0)->eax >> 14 & 0xfff, 0u);
  EXPECT_EQ(find(entries, 4, 3)->eax >> 14 & 0xfff, 7u);
  EXPECT_EQ(find(entries, 0x80000008)->ecx, 0x3005u);
}

// Fields too narrow for the number hold their maximum.
TEST(Topology, TheMostCpusThereAre) {
  const auto entries = cpuid_for_cpu(supported(), 254, 255);
  EXPECT_EQ(find(entries, 1)->ebx >> 16, 0xfeffu);
  EXPECT_EQ(find(entries, 0xb, 1)->eax, 8u);
  EXPECT_EQ(find(entries, 0xb, 1)->ebx, 255u);
  EXPECT_EQ(find(entries, 4, 3)->eax >> 26, 63u);
  EXPECT_EQ(find(entries, 4, 3)->eax >> 14 & 0xfff, 255u);
  EXPECT_EQ(find(entries, 0x80000008)->ecx, 0x80feu);
}

TEST(Topology, OneCpuIsAlone) {
  const auto entries = cpuid_for_cpu(supported(), 0, 1);
  EXPECT_EQ(find(entries, 1)->edx >> 28 & 1, 0u);
  EXPECT_EQ(find(entries, 0xb, 1)->eax, 0u);
  EXPECT_EQ(find(entries, 4, 0)->eax >> 26, 0u);
}

TEST(Topology, HypervisorLeavesStayAndTheBitIsSet) {
  const auto entries = cpuid_for_cpu(supported(), 0, 2);
  EXPECT_EQ(find(entries, 0x40000000)->ebx, 0x4b4d564bu);
  EXPECT_EQ(find(entries, 1)->ecx, 1u << 31 | 1);
}

TEST(Topology, TheApicIsTheMachinesOwn) {
  auto host = supported();
  host[1].ecx = 1u << 21 | 1u << 24;
  host.push_back({.function = 0x40000001, .eax = 0xffff});
  const auto entries = cpuid_for_cpu(host, 0, 1);
  EXPECT_EQ(find(entries, 1)->ecx, 1u << 31);
  EXPECT_TRUE(find(entries, 1)->edx & 1u << 9);
  EXPECT_EQ(find(entries, 0x40000001)->eax, 0x132fu);
}

TEST(Topology, LeavesTheCpuDoesNotHaveAreNotInvented) {
  auto old = supported();
  old[0].eax = 0xa;
  const auto entries = cpuid_for_cpu(old, 0, 2);
  EXPECT_EQ(find(entries, 0xb), nullptr);
  EXPECT_EQ(find(entries, 0x1f), nullptr);
}

}  // namespace
}  // namespace gdbvm::x86
