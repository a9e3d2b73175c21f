// Model-specific registers by name (SDM vol. 4; APM vol. 2, appendix A).
#include "vmm/monitor/msr_text.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "vmm/x86/msrs.h"

namespace gdbvm::monitor {

namespace {

struct Bit {
  unsigned bit;
  std::string_view name;
};
constexpr Bit efer_bits[] = {{0, "SCE"}, {8, "LME"}, {10, "LMA"}, {11, "NXE"}, {12, "SVME"}, {14, "FFXSR"}};
constexpr Bit apic_base_bits[] = {{8, "BSP"}, {10, "x2APIC"}, {11, "enabled"}};
constexpr Bit misc_enable_bits[] = {{0, "fast-strings"}, {3, "TCC"},    {7, "perfmon"},      {11, "no-BTS"},
                                    {12, "no-PEBS"},     {18, "MWAIT"}, {22, "limit-CPUID"}, {34, "no-XD"}};
constexpr Bit mtrr_default_bits[] = {{10, "fixed"}, {11, "enabled"}};
constexpr Bit feature_control_bits[] = {{0, "locked"}, {1, "VMX-in-SMX"}, {2, "VMX"}};

struct Msr {
  std::uint32_t index;
  std::string_view name;
  std::span<const Bit> bits{};
};
constexpr Msr known[] = {
    {x86::msr::tsc, "TSC"},
    {x86::msr::apic_base, "APIC_BASE", apic_base_bits},
    {x86::msr::feature_control, "FEATURE_CONTROL", feature_control_bits},
    {x86::msr::tsc_adjust, "TSC_ADJUST"},
    {x86::msr::spec_ctrl, "SPEC_CTRL"},
    {x86::msr::bios_sign_id, "BIOS_SIGN_ID"},
    {x86::msr::mtrr_cap, "MTRRCAP"},
    {x86::msr::sysenter_cs, "SYSENTER_CS"},
    {x86::msr::sysenter_esp, "SYSENTER_ESP"},
    {x86::msr::sysenter_eip, "SYSENTER_EIP"},
    {x86::msr::mcg_cap, "MCG_CAP"},
    {x86::msr::mcg_status, "MCG_STATUS"},
    {x86::msr::misc_enable, "MISC_ENABLE", misc_enable_bits},
    {x86::msr::debug_control, "DEBUGCTL"},
    {x86::msr::pat, "PAT"},
    {x86::msr::mtrr_default_type, "MTRR_DEF_TYPE", mtrr_default_bits},
    {x86::msr::tsc_deadline, "TSC_DEADLINE"},
    {x86::msr::xss, "XSS"},
    {x86::msr::kvm_wall_clock, "KVM_WALL_CLOCK_NEW"},
    {x86::msr::kvm_system_time, "KVM_SYSTEM_TIME_NEW"},
    {x86::msr::kvm_async_pf, "KVM_ASYNC_PF_EN"},
    {x86::msr::kvm_steal_time, "KVM_STEAL_TIME"},
    {x86::msr::kvm_pv_eoi, "KVM_PV_EOI_EN"},
    {x86::msr::efer, "EFER", efer_bits},
    {x86::msr::star, "STAR"},
    {x86::msr::lstar, "LSTAR"},
    {x86::msr::cstar, "CSTAR"},
    {x86::msr::fmask, "FMASK"},
    {x86::msr::fs_base, "FS_BASE"},
    {x86::msr::gs_base, "GS_BASE"},
    {x86::msr::kernel_gs_base, "KERNEL_GS_BASE"},
    {x86::msr::tsc_aux, "TSC_AUX"},
};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// STAR's selectors: what syscall and sysret load into CS and SS (SDM vol. 3, 5.8.8).
std::string star_text(std::uint64_t value) {
  return fmt::format(": syscall CS {:#x} SS {:#x}, sysret CS {:#x} SS {:#x}", value >> 32 & 0xffff,
                     (value >> 32 & 0xffff) + 8, (value >> 48) + 16, (value >> 48) + 8);
}

std::string memory_types(std::uint64_t value) {
  constexpr std::string_view names[] = {"UC", "WC", "?", "?", "WT", "WP", "WB", "UC-"};
  std::string text = ":";
  for (unsigned i = 0; i < 8; ++i) text += fmt::format(" {}", names[value >> 8 * i & 7]);
  return text;
}

}  // namespace

std::optional<std::uint32_t> msr_by_name(std::string_view name) {
  const auto same = [](std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, {}, upper); };
  constexpr std::string_view prefixes[] = {"IA32_", "MSR_"};
  for (const std::string_view prefix : prefixes) {
    if (name.size() > prefix.size() && same(prefix, name.substr(0, prefix.size()))) name.remove_prefix(prefix.size());
  }
  const auto found = std::ranges::find_if(known, [&](const Msr& msr) { return same(msr.name, name); });
  return found == std::end(known) ? std::nullopt : std::optional(found->index);
}

std::string msr_text(std::uint32_t index, std::uint64_t value) {
  const auto found = std::ranges::find(known, index, &Msr::index);
  if (found == std::end(known)) return fmt::format("MSR {:#x} = 0x{:016x}\n", index, value);
  std::string text = fmt::format("MSR {:#x} ({}) = 0x{:016x}", index, found->name, value);
  if (found->name == "STAR") text += star_text(value);
  if (found->name == "PAT") text += memory_types(value);
  if (found->name == "APIC_BASE") text += fmt::format(": page {:#x}", value & 0xffffffffff000);
  std::string_view before = found->name == "APIC_BASE" ? "" : ":";
  for (const Bit& bit : found->bits) {
    if (!(value >> bit.bit & 1)) continue;
    text += fmt::format("{} {}", before, bit.name);
    before = "";
  }
  return text + '\n';
}

}  // namespace gdbvm::monitor
