// What a CPU lacks that another has.
#include "vmm/x86/cpu_features.h"

#include <gtest/gtest.h>

namespace gdbvm::x86 {
namespace {

using Entries = std::vector<CpuidEntry>;

Entries cpu() {
  return {{.function = 0, .ebx = 0x756e6547, .ecx = 0x6c65746e, .edx = 0x49656e69},
          {.function = 1, .ecx = 1u << 28, .edx = 1u << 25},
          {.function = 7, .index = 0, .flags = 1, .ebx = 1u << 5},
          {.function = 7, .index = 1, .flags = 1, .eax = 1u << 4},
          {.function = 0xd, .index = 1, .flags = 1, .eax = 1u << 3},
          {.function = 0x80000001, .edx = 1u << 27},
          {.function = 0x80000008, .eax = 0x302e}};
}

CpuidEntry& leaf(Entries& entries, std::uint32_t function, std::uint32_t index = 0) {
  for (CpuidEntry& entry : entries) {
    if (entry.function == function && entry.index == index) return entry;
  }
  throw std::out_of_range("no such leaf");
}

std::string missing(const Entries& seen, const Entries& offered) { return missing_for(seen, offered).value_or(""); }

TEST(CpuFeatures, TheSameCpuAndOneWithMoreWillDo) {
  EXPECT_EQ(missing(cpu(), cpu()), "");
  Entries more = cpu();
  for (CpuidEntry& entry : more) {
    if (entry.function != 0 && entry.function != 0x80000008) entry.eax = entry.ebx = entry.ecx = entry.edx = ~0u;
  }
  leaf(more, 0x80000008).eax = 0x3034;
  EXPECT_EQ(missing(cpu(), more), "");
}

TEST(CpuFeatures, EachMissingOneIsNamed) {
  const auto without = [](std::uint32_t function, std::uint32_t index, std::uint32_t CpuidEntry::* bits) {
    Entries less = cpu();
    leaf(less, function, index).*bits = 0;
    return missing(cpu(), less);
  };
  EXPECT_EQ(without(1, 0, &CpuidEntry::ecx), "needs avx, which this host's KVM does not offer");
  EXPECT_EQ(without(1, 0, &CpuidEntry::edx), "needs sse, which this host's KVM does not offer");
  EXPECT_EQ(without(7, 0, &CpuidEntry::ebx), "needs avx2, which this host's KVM does not offer");
  EXPECT_EQ(without(7, 1, &CpuidEntry::eax),
            "needs bit 4 of CPUID leaf 0x7.1 eax, which this host's KVM does not offer");
  EXPECT_EQ(without(0xd, 1, &CpuidEntry::eax), "needs xsaves, which this host's KVM does not offer");
  EXPECT_EQ(without(0x80000001, 0, &CpuidEntry::edx), "needs rdtscp, which this host's KVM does not offer");
  EXPECT_EQ(without(0x80000008, 0, &CpuidEntry::eax),
            "needs 46 physical address bits, which this host's KVM does not offer");
}

TEST(CpuFeatures, AMissingLeafIsWithoutFeatures) {
  Entries less = cpu();
  less.pop_back();
  less.pop_back();
  EXPECT_EQ(missing(cpu(), less), "needs rdtscp, which this host's KVM does not offer");
}

TEST(CpuFeatures, AnotherVendorsCpuIsNone) {
  Entries other = cpu();
  other[0] = {.function = 0, .ebx = 0x68747541, .ecx = 0x444d4163, .edx = 0x69746e65};
  EXPECT_EQ(missing(cpu(), other), "needs a CPU by GenuineIntel, and this host's is by AuthenticAMD");
}

TEST(CpuFeatures, WhatSoftwareSwitchesOnIsNone) {
  Entries on = cpu();
  leaf(on, 1).ecx |= 1u << 27 | 1u << 3;
  leaf(on, 1).edx |= 1u << 9;
  leaf(on, 7).ecx |= 1u << 4;
  EXPECT_EQ(missing(on, cpu()), "");
}

}  // namespace
}  // namespace gdbvm::x86
