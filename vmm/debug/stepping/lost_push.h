// What KVM loses of a far call in long mode whose stack lies in a guarded page.
#pragma once

#include <cstdint>
#include <optional>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/hypervisor/exit.h"

namespace gdbvm {

// The push of CS, as far as it can be told afterwards: KVM lets only the instruction's last write leave the guest.
struct LostPush {
  Gva at;
  unsigned size;  // bytes: 2, 4 or 8
};

// After a write to a guarded page: the CPU stands where the far call through memory that ends at the address pushed
// has led. nullopt: it was another instruction, as almost always. Outside long mode such stacks are stepped.
std::optional<LostPush> lost_push(const exits::Mmio& last_push, Vcpu& vcpu, const GuestView& view);

}  // namespace gdbvm
