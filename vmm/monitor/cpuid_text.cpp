// CPUID leaves in words (SDM vol. 2, CPUID; APM vol. 3, appendix E). Bits with an empty name are reserved or of no
// interest here.
#include "vmm/monitor/cpuid_text.h"

#include <array>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

namespace gdbvm::monitor {

namespace {

using x86::CpuidEntry;
using Names = std::array<std::string_view, 32>;

constexpr Names leaf1_ecx{"sse3",  "pclmulqdq", "dtes64", "monitor", "ds_cpl", "vmx",    "smx",    "est",
                          "tm2",   "ssse3",     "",       "sdbg",    "fma",    "cx16",   "xtpr",   "pdcm",
                          "",      "pcid",      "dca",    "sse4.1",  "sse4.2", "x2apic", "movbe",  "popcnt",
                          "tscdl", "aes",       "xsave",  "osxsave", "avx",    "f16c",   "rdrand", "hypervisor"};
constexpr Names leaf1_edx{"fpu",  "vme",  "de",   "pse", "tsc",  "msr", "pae",   "mce", "cx8",   "apic", "",
                          "sep",  "mtrr", "pge",  "mca", "cmov", "pat", "pse36", "psn", "clfsh", "",     "ds",
                          "acpi", "mmx",  "fxsr", "sse", "sse2", "ss",  "htt",   "tm",  "",      "pbe"};
constexpr Names leaf7_ebx{"fsgsbase",    "tsc_adjust", "sgx",        "bmi1",     "hle",      "avx2",     "",
                          "smep",        "bmi2",       "erms",       "invpcid",  "rtm",      "rdt_m",    "",
                          "mpx",         "rdt_a",      "avx512f",    "avx512dq", "rdseed",   "adx",      "smap",
                          "avx512_ifma", "",           "clflushopt", "clwb",     "intel_pt", "avx512pf", "avx512er",
                          "avx512cd",    "sha",        "avx512bw",   "avx512vl"};
constexpr Names leaf7_ecx{"",
                          "avx512vbmi",
                          "umip",
                          "pku",
                          "ospke",
                          "waitpkg",
                          "avx512_vbmi2",
                          "cet_ss",
                          "gfni",
                          "vaes",
                          "vpclmulqdq",
                          "avx512_vnni",
                          "avx512_bitalg",
                          "",
                          "avx512_vpopcntdq",
                          "",
                          "la57",
                          "",
                          "",
                          "",
                          "",
                          "",
                          "rdpid",
                          "",
                          "",
                          "cldemote",
                          "",
                          "movdiri",
                          "movdir64b",
                          "",
                          "",
                          "pks"};
constexpr Names extended_ecx{
    "lahf_lm",       "cmp_legacy", "svm", "extapic", "cr8_legacy", "abm", "sse4a",   "misalignsse",
    "3dnowprefetch", "osvw",       "ibs", "xop",     "skinit",     "wdt", "",        "lwp",
    "fma4",          "tce",        "",    "",        "",           "tbm", "topoext", "perfctr_core"};
constexpr Names extended_edx{"",        "", "", "",         "",        "",       "", "",   "",         "",     "",
                             "syscall", "", "", "",         "",        "",       "", "",   "mp",       "nx",   "",
                             "mmxext",  "", "", "fxsr_opt", "pdpe1gb", "rdtscp", "", "lm", "3dnowext", "3dnow"};

std::string names_of(std::uint32_t bits, const Names& names) {
  std::string text;
  for (unsigned i = 0; i < 32; ++i) {
    if ((bits >> i & 1) && !names[i].empty()) text += fmt::format(" {}", names[i]);
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
      return fmt::format("{}, APIC ID {}:{}{}", signature(e.eax), e.ebx >> 24, names_of(e.edx, leaf1_edx),
                         names_of(e.ecx, leaf1_ecx));
    case 7:
      return e.index == 0 ? (names_of(e.ebx, leaf7_ebx) + names_of(e.ecx, leaf7_ecx)) : "";
    case 0x40000000:
      return "hypervisor " + letters({e.ebx, e.ecx, e.edx});
    case 0x80000001:
      return names_of(e.edx, extended_edx) + names_of(e.ecx, extended_ecx);
    case 0x80000002:
    case 0x80000003:
    case 0x80000004:
      return fmt::format("brand \"{}\"", letters({e.eax, e.ebx, e.ecx, e.edx}));
    case 0x80000008:
      return fmt::format("{} physical and {} linear address bits", e.eax & 0xff, e.eax >> 8 & 0xff);
    default:
      return "";
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
