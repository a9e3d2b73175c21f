// Indices of the model-specific registers that gdbvm knows (SDM vol. 4; APM vol. 2, appendix A; KVM's documentation).
#pragma once

#include <cstdint>

#include "vmm/x86/cpu_state.h"

namespace gdbvm::x86::msr {

inline constexpr std::uint32_t tsc = 0x10, apic_base = 0x1b, feature_control = 0x3a, tsc_adjust = 0x3b,
                               spec_ctrl = 0x48, bios_sign_id = 0x8b, mtrr_cap = 0xfe, sysenter_cs = 0x174,
                               sysenter_esp = 0x175, sysenter_eip = 0x176, mcg_cap = 0x179, mcg_status = 0x17a,
                               misc_enable = 0x1a0, debug_control = 0x1d9, pat = 0x277, mtrr_default_type = 0x2ff,
                               tsc_deadline = 0x6e0, xss = 0xda0;

inline constexpr std::uint32_t efer = x86::efer::index, star = 0xc0000081, lstar = 0xc0000082, cstar = 0xc0000083,
                               fmask = 0xc0000084, fs_base = 0xc0000100, gs_base = 0xc0000101,
                               kernel_gs_base = 0xc0000102, tsc_aux = 0xc0000103;

// KVM's paravirtual ones; the first two by their old numbers as well.
inline constexpr std::uint32_t kvm_wall_clock_old = 0x11, kvm_system_time_old = 0x12, kvm_wall_clock = 0x4b564d00,
                               kvm_system_time = 0x4b564d01, kvm_async_pf = 0x4b564d02, kvm_steal_time = 0x4b564d03,
                               kvm_pv_eoi = 0x4b564d04, kvm_poll_control = 0x4b564d05;

}  // namespace gdbvm::x86::msr
