// What a CPU holds after power-on (SDM vol. 3, table 10-1), as far as KVM keeps it: for a reset of the machine.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "vmm/x86/cpu_state.h"
#include "vmm/x86/debug_registers.h"
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
  s.apic_base = wiring::local_apic | 1u << 11 | (boot_cpu ? 1u << 8 : 0u);
  return s;
}

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
    {0xc0000081, 0},              // STAR
    {0xc0000082, 0},              // LSTAR
    {0xc0000083, 0},              // CSTAR
    {0xc0000084, 0},              // FMASK
    {0xc0000102, 0},              // KERNEL_GS_BASE
    {0xc0000103, 0},              // TSC_AUX
    {0x174, 0},                   // SYSENTER_CS
    {0x175, 0},                   // SYSENTER_ESP
    {0x176, 0},                   // SYSENTER_EIP
    {0x277, 0x0007040600070406},  // PAT
    {0x2ff, 0},                   // MTRR_DEF_TYPE
    {0x3b, 0},                    // TSC_ADJUST
    {0x6e0, 0},                   // TSC_DEADLINE
    {0x48, 0},                    // SPEC_CTRL
    {0xda0, 0},                   // XSS
    {0x1d9, 0},                   // DEBUGCTL
    {0x4b564d00, 0},
    {0x4b564d01, 0},  // KVM wall clock, system time
    {0x4b564d02, 0},
    {0x4b564d03, 0},  // KVM asynchronous page faults, steal time
    {0x4b564d04, 0},
    {0x4b564d05, 1},  // KVM paravirtual EOI, poll control (on by default)
    {0x11, 0},
    {0x12, 0},  // KVM clock, old numbers
}};

}  // namespace gdbvm::x86::power_on
