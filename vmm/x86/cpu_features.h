// The features that CPUID names bit by bit, and which of them a CPU lacks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vmm/x86/cpuid.h"

namespace gdbvm::x86 {

// A register of a leaf each bit of which is a feature. Bits without a name are reserved, or seldom of interest.
struct FeatureWord {
  std::uint32_t function, index;
  std::uint32_t CpuidEntry::* bits;
  const char* register_name;
  std::array<std::string_view, 32> names{};
  std::uint32_t no_features = 0;  // bits that tell what software has switched on, or that something does not work
};
// SDM vol. 2, CPUID; APM vol. 3, appendix E; the kernel's Documentation/virt/kvm/x86/cpuid.rst.
std::span<const FeatureWord> feature_words();

// Twelve letters: "GenuineIntel". Empty without leaf 0.
std::string vendor(std::span<const CpuidEntry> entries);

// Whether software that started on a CPU like `seen` can go on on one like `offered`: the same vendor, each feature,
// and as many physical address bits. More than before is no harm. nullopt: it can; else a sentence's end, such as
// "needs avx2, which this host's KVM does not offer".
std::optional<std::string> missing_for(std::span<const CpuidEntry> seen, std::span<const CpuidEntry> offered);

}  // namespace gdbvm::x86
