// Bits of the local APIC's registers that its sources share (SDM vol. 3, chapter 11).
#pragma once

#include <array>
#include <cstdint>

#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm::local_apic {

// Of an integrated APIC with six entries in the local vector table, as KVM's.
inline constexpr std::uint32_t version = 0x50014;
inline constexpr std::array lvt_entries{x86::lapic::lvt_timer, x86::lapic::lvt_thermal, x86::lapic::lvt_performance,
                                        x86::lapic::lvt_lint0, x86::lapic::lvt_lint1,   x86::lapic::lvt_error};

inline constexpr std::uint32_t enabled = 1u << 8;  // spurious-interrupt vector register

inline constexpr std::uint32_t timer_mode_bits = 3u << 17, timer_periodic = 1u << 17;
// One-shot and periodic do; the two others are the TSC deadline and reserved.
constexpr bool timer_counts(std::uint32_t lvt_timer) { return !(lvt_timer & 1u << 18); }

// Error status register.
inline constexpr std::uint32_t send_illegal_vector = 1u << 5, receive_illegal_vector = 1u << 6,
                               illegal_register = 1u << 7;

}  // namespace gdbvm::local_apic
