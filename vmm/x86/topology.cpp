// CPUID's answers that differ from CPU to CPU: APIC ids and which CPUs share what.
#include <bit>

#include "vmm/x86/cpuid.h"

namespace gdbvm::x86 {

namespace {

struct Cpu {
  std::uint32_t apic_id;
  std::uint32_t cpus;
  std::uint32_t id_bits;  // how many low bits of an APIC id tell the CPUs of the package apart
};

// KVM's paravirtual services (leaf 0x40000001, eax) that interrupt through a local APIC in the kernel, or replace it:
// asynchronous page faults, PV EOI, unhalt, IPIs, yielding to one, and destinations of more than 8 bits.
constexpr std::uint32_t kvm_features_of_its_apic =
    1u << 4 | 1u << 6 | 1u << 7 | 1u << 10 | 1u << 11 | 1u << 13 | 1u << 14 | 1u << 15;

constexpr void put(std::uint32_t& word, unsigned first, unsigned last, std::uint32_t value) {
  const std::uint32_t mask = (last - first == 31 ? ~0u : (1u << (last - first + 1)) - 1) << first;
  word = (word & ~mask) | (value << first & mask);
}

// Leaf 1: initial APIC id, number of logical CPUs, HTT; an xAPIC.
void features(CpuidEntry& entry, const Cpu& cpu) {
  put(entry.ebx, 24, 31, cpu.apic_id);
  put(entry.ebx, 16, 23, cpu.cpus);
  put(entry.edx, 28, 28, cpu.cpus > 1);
  put(entry.edx, 9, 9, 1);
  put(entry.ecx, 21, 21, 0);  // x2APIC
  put(entry.ecx, 24, 24, 0);  // TSC-deadline mode
  put(entry.ecx, 31, 31, 1);  // a hypervisor is there, as KVM's own leaves at 0x40000000 say
}

// Leaf 4: cores in the package; the last-level cache is shared by all, the others by none.
void caches(CpuidEntry& entry, const Cpu& cpu) {
  if ((entry.eax & 0x1f) == 0) return;  // no more caches
  const bool last_level = (entry.eax >> 5 & 7) >= 3;
  put(entry.eax, 14, 25, last_level ? (1u << cpu.id_bits) - 1 : 0);
  put(entry.eax, 26, 31, (1u << cpu.id_bits) - 1);
}

// Leaf 0x8000001d: AMD's leaf 4.
void amd_caches(CpuidEntry& entry, const Cpu& cpu) {
  if ((entry.eax & 0x1f) == 0) return;
  const bool last_level = (entry.eax >> 5 & 7) >= 3;
  put(entry.eax, 14, 25, last_level ? cpu.cpus - 1 : 0);
}

// Leaves 0xb and 0x1f: a thread level with one thread, a core level with all CPUs, the end.
void add_levels(std::vector<CpuidEntry>& entries, std::uint32_t function, const Cpu& cpu) {
  const auto level = [&](std::uint32_t index, std::uint32_t shift, std::uint32_t count, std::uint32_t type) {
    entries.push_back({.function = function,
                       .index = index,
                       .flags = CpuidEntry::index_matters,
                       .eax = shift,
                       .ebx = count,
                       .ecx = index | type << 8,
                       .edx = cpu.apic_id});
  };
  level(0, 0, 1, 1);
  level(1, cpu.id_bits, cpu.cpus, 2);
  level(2, 0, 0, 0);
}

void fix(CpuidEntry& entry, const Cpu& cpu) {
  switch (entry.function) {
    case 1:
      return features(entry, cpu);
    case 4:
      return caches(entry, cpu);
    case 0x40000001:
      entry.eax &= ~kvm_features_of_its_apic;
      return;
    case 0x80000001:
      return put(entry.ecx, 1, 1, cpu.cpus > 1);  // CmpLegacy
    case 0x80000008:
      put(entry.ecx, 0, 7, cpu.cpus - 1);
      return put(entry.ecx, 12, 15, cpu.id_bits);
    case 0x8000001d:
      return amd_caches(entry, cpu);
    case 0x8000001e:
      entry.eax = cpu.apic_id;
      put(entry.ebx, 0, 15, cpu.apic_id);  // core id, one thread each
      entry.ecx = 0;
      return;
    default:
      return;
  }
}

}  // namespace

std::vector<CpuidEntry> cpuid_for_cpu(std::span<const CpuidEntry> supported, std::uint32_t apic_id,
                                      std::uint32_t cpus) {
  const Cpu cpu{apic_id, cpus, static_cast<std::uint32_t>(std::bit_width(cpus - 1))};
  std::vector<CpuidEntry> entries;
  std::uint32_t highest = 0;
  for (CpuidEntry entry : supported) {
    if (entry.function == 0) highest = entry.eax;
    if (entry.function == 0xb || entry.function == 0x1f) continue;
    fix(entry, cpu);
    entries.push_back(entry);
  }
  if (highest >= 0xb) add_levels(entries, 0xb, cpu);
  if (highest >= 0x1f) add_levels(entries, 0x1f, cpu);
  return entries;
}

}  // namespace gdbvm::x86
