// Which registers a CPU has, and where XSAVE keeps them, by CPUID.
#include "vmm/x86/registers.h"

#include <algorithm>
#include <utility>

#include "vmm/x86/cpu_state.h"

namespace gdbvm::x86 {

namespace {

constexpr std::array<Component, 5> optional_components = {Component::Avx, Component::Opmask, Component::ZmmHigh,
                                                          Component::HighZmm, Component::Pkru};

bool bit(const CpuidEntry* entry, std::uint32_t CpuidEntry::* word, unsigned number) {
  return entry && (entry->*word >> number & 1);
}

// Leaf 0xd, one sub-leaf a component: eax is its size, ebx its offset in the standard format.
std::uint16_t offset_of(std::span<const CpuidEntry> cpuid, Component component) {
  const CpuidEntry* entry = find(cpuid, 0xd, std::to_underlying(component));
  constexpr std::uint32_t end = sizeof(ExtendedState);
  if (!entry || entry->eax == 0 || entry->eax > end || entry->ebx > end - entry->eax) return 0;
  return static_cast<std::uint16_t>(entry->ebx);
}

}  // namespace

bool CpuFeatures::has(Needs needs) const {
  switch (needs) {
    case Needs::Nothing:
      return true;
    case Needs::Avx:
      return avx;
    case Needs::Avx512:
      return avx512;
    case Needs::Pkru:
      return pkru;
    case Needs::LongMode:
      return long_mode;
    case Needs::Sysenter:
      return sysenter;
    case Needs::Rdtscp:
      return rdtscp;
    case Needs::Pat:
      return pat;
    case Needs::NoLibraries:
      return !libraries;
  }
  return false;
}

CpuFeatures cpu_features(std::span<const CpuidEntry> cpuid) {
  CpuFeatures features;
  for (const Component component : optional_components)
    features.component_offset[std::to_underlying(component)] = offset_of(cpuid, component);
  const auto there = [&](Component component) { return features.component_offset[std::to_underlying(component)] != 0; };

  const CpuidEntry* basic = find(cpuid, 1);
  const CpuidEntry* more = find(cpuid, 7);
  const CpuidEntry* extended = find(cpuid, 0x80000001);
  features.avx = bit(basic, &CpuidEntry::ecx, 28) && there(Component::Avx);
  features.avx512 = features.avx && bit(more, &CpuidEntry::ebx, 16) && there(Component::Opmask) &&
                    there(Component::ZmmHigh) && there(Component::HighZmm);
  features.pkru = bit(more, &CpuidEntry::ecx, 3) && there(Component::Pkru);
  features.sysenter = bit(basic, &CpuidEntry::edx, 11);
  features.pat = bit(basic, &CpuidEntry::edx, 16);
  features.long_mode = bit(extended, &CpuidEntry::edx, 29);
  features.rdtscp = bit(extended, &CpuidEntry::edx, 27);
  return features;
}

CpuFeatures all_cpu_features() {
  return {.avx = true,
          .avx512 = true,
          .pkru = true,
          .long_mode = true,
          .sysenter = true,
          .rdtscp = true,
          .pat = true,
          .component_offset = {0, 0, 576, 0, 0, 1088, 1152, 1664, 0, 2688}};
}

std::vector<const Register*> select(View view, const CpuFeatures& features) {
  std::vector<const Register*> selected;
  for (const Register& r : register_table())
    if (!r.name(view).empty() && features.has(r.needs)) selected.push_back(&r);
  return selected;
}

}  // namespace gdbvm::x86
