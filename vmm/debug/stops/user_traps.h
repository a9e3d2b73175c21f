// Breakpoints and steps at CPL 3 on hosts whose KVM hands those traps to the guest: caught at the guest's own handler.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/guest/idt.h"

namespace gdbvm {

// An int3 at CPL 3 arrives at one of the guest's handlers, by what its IDT says: #BP, also where the gate is closed to
// users (kvm_pvm does not ask for the gate's privilege); #NP where the gate is not present, and #GP where there is
// none. That handler's first instruction, at CPL 0, can be watched.
struct UserTrapHandler {
  Gva address;
  std::uint8_t vector;
  bool operator==(const UserTrapHandler&) const = default;
};
// `trap` is 1 (#DB) or 3 (#BP). nullopt: no handler would get it. Long mode only.
std::optional<UserTrapHandler> user_trap_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t trap);

// A CPU that stands at a watched handler: the address of the int3 at CPL 3 that brought it there; nullopt when
// something else did.
std::optional<Gva> user_int3_behind(const InterruptFrame& frame);

}  // namespace gdbvm
