#include "vmm/x86/cpu_features.h"

#include <bit>

#include <fmt/format.h>

namespace gdbvm::x86 {

namespace {

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
constexpr Names leaf7_edx{"",
                          "",
                          "avx512_4vnniw",
                          "avx512_4fmaps",
                          "fsrm",
                          "uintr",
                          "",
                          "",
                          "avx512_vp2intersect",
                          "srbds_ctrl",
                          "md_clear",
                          "",
                          "",
                          "",
                          "serialize",
                          "hybrid",
                          "tsxldtrk",
                          "",
                          "pconfig",
                          "arch_lbr",
                          "ibt",
                          "",
                          "amx_bf16",
                          "avx512_fp16",
                          "amx_tile",
                          "amx_int8",
                          "spec_ctrl",
                          "stibp",
                          "flush_l1d",
                          "arch_capabilities",
                          "core_capabilities",
                          "ssbd"};
constexpr Names xsave_parts{"x87", "sse", "avx", "bndregs", "bndcsr", "opmask", "zmm_hi256", "hi16_zmm", "pt", "pkru"};
constexpr Names xsave_ways{"xsaveopt", "xsavec", "xgetbv1", "xsaves", "xfd"};

constexpr std::uint32_t bit(unsigned number) { return 1u << number; }

constexpr auto words = std::to_array<FeatureWord>({
    {1, 0, &CpuidEntry::edx, "edx", leaf1_edx, bit(9)},            // the APIC, which software can switch off
    {1, 0, &CpuidEntry::ecx, "ecx", leaf1_ecx, bit(3) | bit(27)},  // MONITOR, OSXSAVE: the same
    {7, 0, &CpuidEntry::ebx, "ebx", leaf7_ebx, bit(6) | bit(13)},  // what x87 does not keep
    {7, 0, &CpuidEntry::ecx, "ecx", leaf7_ecx, bit(4)},            // OSPKE
    {7, 0, &CpuidEntry::edx, "edx", leaf7_edx},
    {7, 1, &CpuidEntry::eax, "eax"},
    {0xd, 0, &CpuidEntry::eax, "eax", xsave_parts},
    {0xd, 1, &CpuidEntry::eax, "eax", xsave_ways},
    {0x40000001, 0, &CpuidEntry::eax, "eax"},
    {0x80000001, 0, &CpuidEntry::edx, "edx", extended_edx},
    {0x80000001, 0, &CpuidEntry::ecx, "ecx", extended_ecx},
    {0x80000007, 0, &CpuidEntry::edx, "edx"},
    {0x80000008, 0, &CpuidEntry::ebx, "ebx"},
});

std::string name_of(const FeatureWord& word, unsigned number) {
  if (!word.names[number].empty()) return std::string(word.names[number]);
  return fmt::format("bit {} of CPUID leaf {:#x}.{} {}", number, word.function, word.index, word.register_name);
}

std::uint32_t physical_bits(std::span<const CpuidEntry> entries) {
  const CpuidEntry* entry = find(entries, 0x80000008);
  return entry ? entry->eax & 0xff : 0;
}

}  // namespace

std::span<const FeatureWord> feature_words() { return words; }

std::string vendor(std::span<const CpuidEntry> entries) {
  const CpuidEntry* entry = find(entries, 0);
  std::string text;
  if (!entry) return text;
  for (const std::uint32_t letters : {entry->ebx, entry->edx, entry->ecx}) {
    for (unsigned i = 0; i < 4; ++i) text += static_cast<char>(letters >> 8 * i);
  }
  return text;
}

std::optional<std::string> missing_for(std::span<const CpuidEntry> seen, std::span<const CpuidEntry> offered) {
  constexpr const char* sentence = "needs {}, which this host's KVM does not offer";
  if (vendor(seen) != vendor(offered))
    return fmt::format("needs a CPU by {}, and this host's is by {}", vendor(seen), vendor(offered));
  for (const FeatureWord& word : words) {
    const CpuidEntry* before = find(seen, word.function, word.index);
    const CpuidEntry* now = find(offered, word.function, word.index);
    const std::uint32_t there = now ? now->*word.bits : 0;
    const std::uint32_t missing = (before ? before->*word.bits : 0) & ~there & ~word.no_features;
    if (missing) return fmt::format(sentence, name_of(word, static_cast<unsigned>(std::countr_zero(missing))));
  }
  if (physical_bits(seen) > physical_bits(offered)) {
    return fmt::format(sentence, fmt::format("{} physical address bits", physical_bits(seen)));
  }
  return std::nullopt;
}

}  // namespace gdbvm::x86
