// CPUID leaves in words (SDM vol. 2, CPUID; APM vol. 3, appendix E).
#include "vmm/monitor/cpuid_text.h"

#include <cstring>

#include <fmt/format.h>

#include "vmm/x86/cpu_features.h"

namespace gdbvm::monitor {

namespace {

using x86::CpuidEntry;

std::string names_in(const x86::FeatureWord& word, const CpuidEntry& entry) {
  std::string text;
  for (unsigned i = 0; i < 32; ++i) {
    if ((entry.*word.bits >> i & 1) && !word.names[i].empty()) text += fmt::format(" {}", word.names[i]);
  }
  return text;
}

std::string features_in(const CpuidEntry& entry) {
  std::string text;
  for (const x86::FeatureWord& word : x86::feature_words()) {
    if (word.function == entry.function && word.index == entry.index) text += names_in(word, entry);
  }
  return text;
}

std::string letters(std::initializer_list<std::uint32_t> registers) {
  std::string text;
  for (const std::uint32_t value : registers) {
    for (unsigned i = 0; i < 4; ++i) {
      const char c = static_cast<char>(value >> 8 * i);
      if (c >= ' ' && c <= '~') text += c;
    }
  }
  return text;
}

std::string signature(std::uint32_t eax) {
  const std::uint32_t family = eax >> 8 & 0xf, model = eax >> 4 & 0xf;
  const std::uint32_t shown_family = family == 0xf ? family + (eax >> 20 & 0xff) : family;
  const std::uint32_t shown_model = family == 0xf || family == 6 ? model | (eax >> 12 & 0xf0) : model;
  return fmt::format("family {:#x}, model {:#x}, stepping {}", shown_family, shown_model, eax & 0xf);
}

std::string meaning(const CpuidEntry& e) {
  switch (e.function) {
    case 0:
      return fmt::format("vendor {}, leaves up to {:#x}", letters({e.ebx, e.edx, e.ecx}), e.eax);
    case 1:
      return fmt::format("{}, APIC ID {}:{}", signature(e.eax), e.ebx >> 24, features_in(e));
    case 0x40000000:
      return "hypervisor " + letters({e.ebx, e.ecx, e.edx});
    case 0x80000002:
    case 0x80000003:
    case 0x80000004:
      return fmt::format("brand \"{}\"", letters({e.eax, e.ebx, e.ecx, e.edx}));
    case 0x80000008:
      return fmt::format("{} physical and {} linear address bits", e.eax & 0xff, e.eax >> 8 & 0xff);
    default:
      return features_in(e);
  }
}

}  // namespace

std::string cpuid_text(std::span<const CpuidEntry> entries) {
  std::string text;
  for (const CpuidEntry& e : entries) {
    text += fmt::format("{:08x} {:02x}: eax={:08x} ebx={:08x} ecx={:08x} edx={:08x}\n", e.function, e.index, e.eax,
                        e.ebx, e.ecx, e.edx);
    const std::string words = meaning(e);
    const std::size_t start = words.find_first_not_of(' ');
    if (start != std::string::npos) text += fmt::format("    {}\n", words.substr(start));
  }
  return text;
}

}  // namespace gdbvm::monitor
