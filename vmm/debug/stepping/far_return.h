// A far return in long mode whose stack lies in an absent page.
#pragma once

#include <optional>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/debug/stops/watched_range.h"

namespace gdbvm {

// It pops twice, and leaves the guest for each. After the second exit KVM begins the instruction anew, but with the
// stack pointer that the first pop has moved: that is put back, so that both pops are counted once. Of one vCPU.
class FarReturn final {
 public:
  // After each access to a guarded page, before the guest runs on.
  void after(const WatchedAccess& access, Vcpu& vcpu, const GuestView& view);

 private:
  std::optional<x86::GeneralRegisters> begun_;  // the CPU before the pops; the first has been answered
};

}  // namespace gdbvm
