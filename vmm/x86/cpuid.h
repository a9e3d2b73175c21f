// CPUID as a list of leaves, in the layout of kvm_cpuid_entry2.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gdbvm::x86 {

struct CpuidEntry {
  static constexpr std::uint32_t index_matters = 1;  // in `flags`: the entry answers for its sub-leaf only

  std::uint32_t function{};
  std::uint32_t index{};
  std::uint32_t flags{};
  std::uint32_t eax{}, ebx{}, ecx{}, edx{};
  std::uint32_t padding[3]{};
  bool operator==(const CpuidEntry&) const = default;
};

// The entry that answers CPUID with eax = function, ecx = index; nullptr: there is none.
constexpr const CpuidEntry* find(std::span<const CpuidEntry> entries, std::uint32_t function, std::uint32_t index = 0) {
  for (const CpuidEntry& entry : entries) {
    if (entry.function != function) continue;
    if (!(entry.flags & CpuidEntry::index_matters) || entry.index == index) return &entry;
  }
  return nullptr;
}

// What CPU 0 .. cpus-1 of a machine answer: `supported` (KVM_GET_SUPPORTED_CPUID) with the APIC id and the topology of
// one package whose cores have one thread each (SDM vol. 2, CPUID leaves 1, 4, 0xb, 0x1f; APM vol. 3, 0x80000008,
// 0x8000001d, 0x8000001e). APIC ids are the CPU numbers.
// It tells of the local APIC that the machine has, an xAPIC without TSC-deadline mode, and of none of KVM's services
// that need KVM's own. cpus is at least 1.
std::vector<CpuidEntry> cpuid_for_cpu(std::span<const CpuidEntry> supported, std::uint32_t apic_id, std::uint32_t cpus);

}  // namespace gdbvm::x86
