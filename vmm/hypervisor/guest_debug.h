// What a debugger asks of one CPU: single steps, breakpoint exceptions and debug registers.
#pragma once

#include <array>
#include <cstdint>

#include "vmm/memory/address.h"
#include "vmm/x86/debug_registers.h"

namespace gdbvm {

// KVM_SET_GUEST_DEBUG's request. Equal requests are sent once.
struct GuestDebug {
  bool single_step = false;          // stop after one instruction
  bool trap_int3 = false;            // #BP leaves the guest as exits::Debug (KVM_GUESTDBG_USE_SW_BP)
  bool block_interrupts = false;     // interrupts and NMIs wait; a bare CPU has none
  bool use_debug_registers = false;  // KVM_GUESTDBG_USE_HW_BP with the registers below in place of the guest's
  std::array<std::uint64_t, x86::debug_register_count> address{};  // DR0-3
  std::uint64_t dr7 = 0;
  bool operator==(const GuestDebug&) const = default;
  bool any() const { return single_step || trap_int3 || use_debug_registers; }

  // Debug register n (0-3) watches this from now on, whatever it watched before. The watch is encodable.
  void watch(unsigned n, const x86::DebugWatch& watch) {
    use_debug_registers = true;
    address[n] = watch.address;
    dr7 = (dr7 & ~x86::dr7_mask(n)) | x86::dr7_bits(n, watch);
  }
  // Debug register n stops the CPU before the instruction at pc.
  void stop_at(unsigned n, Gva pc) { watch(n, {pc.value, 1, x86::DebugKind::Execute}); }
};

}  // namespace gdbvm
