// What a CPU holds after power-on (SDM vol. 3, table 10-1), as far as KVM keeps it: for a reset of the machine.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "vmm/x86/cpu_state.h"
#include "vmm/x86/debug_registers.h"
#include "vmm/x86/msrs.h"
#include "vmm/x86/segments.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::x86::power_on {

constexpr GeneralRegisters general() { return {.rip = 0xfff0, .rflags = rflags::fixed}; }

// `boot_cpu`: the one whose APIC says it is the bootstrap processor.
constexpr SystemRegisters system(bool boot_cpu) {
  SystemRegisters s;
  s.cs = real_mode_code(0xf000);
  s.cs.base = 0xffff0000;
  s.ds = s.es = s.fs = s.gs = s.ss = real_mode_segment(0);
  s.tr = {.limit = 0xffff, .type = segment_type::tss_busy, .present = 1};
  s.ldt = {.limit = 0xffff, .type = segment_type::ldt, .present = 1};
  s.gdt.limit = s.idt.limit = 0xffff;
  s.cr0 = cr0::cd | cr0::nw | cr0::et;
  s.apic_base = wiring::local_apic | apic_base::enabled | (boot_cpu ? apic_base::boot_cpu : 0);
  return s;
}

constexpr VcpuEvents events() { return {.flags = event_flags::nmi_pending | event_flags::shadow | event_flags::smm}; }

constexpr DebugRegisters debug_registers() { return {.dr6 = dr6::power_on, .dr7 = dr7::power_on}; }

// x87 as after FNINIT, which is what kernels assume and KVM sets up; MXCSR 0x1f80; both in use (XSTATE_BV).
inline ExtendedState extended() {
  ExtendedState state;
  const std::uint16_t fcw = 0x37f;
  const std::uint32_t mxcsr = 0x1f80;
  const std::uint64_t xstate_bv = 3;
  std::memcpy(&state.bytes[0], &fcw, sizeof fcw);
  std::memcpy(&state.bytes[24], &mxcsr, sizeof mxcsr);
  std::memcpy(&state.bytes[512], &xstate_bv, sizeof xstate_bv);
  return state;
}

// MSRs that a kernel changes and the next one must not inherit. A CPU may lack any of them. EFER and the FS and GS
// bases are part of SystemRegisters; the time-stamp counter runs on.
inline constexpr std::array<std::pair<std::uint32_t, std::uint64_t>, 24> msrs{{
    {msr::star, 0},
    {msr::lstar, 0},
    {msr::cstar, 0},
    {msr::fmask, 0},
    {msr::kernel_gs_base, 0},
    {msr::tsc_aux, 0},
    {msr::sysenter_cs, 0},
    {msr::sysenter_esp, 0},
    {msr::sysenter_eip, 0},
    {msr::pat, 0x0007040600070406},
    {msr::mtrr_default_type, 0},
    {msr::tsc_adjust, 0},
    {msr::tsc_deadline, 0},
    {msr::spec_ctrl, 0},
    {msr::xss, 0},
    {msr::debug_control, 0},
    {msr::kvm_wall_clock, 0},
    {msr::kvm_system_time, 0},
    {msr::kvm_async_pf, 0},
    {msr::kvm_steal_time, 0},
    {msr::kvm_pv_eoi, 0},
    {msr::kvm_poll_control, 1},  // on by default
    {msr::kvm_wall_clock_old, 0},
    {msr::kvm_system_time_old, 0},
}};

}  // namespace gdbvm::x86::power_on
