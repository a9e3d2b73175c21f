// An I/O or MMIO instruction that KVM has not completed, and the guarded pages' answers to it.
#pragma once

#include <optional>

#include "vmm/debug/control/debugged_guest.h"
#include "vmm/debug/stepping/far_return.h"
#include "vmm/debug/stepping/lost_push.h"
#include "vmm/debug/stepping/read_loop.h"

namespace gdbvm {

class PendingAccess final {
 public:
  PendingAccess(Vcpu& vcpu, DebuggedGuest& guest) : vcpu_(vcpu), guest_(guest) {}

  // Before a run with guarded pages.
  void begins() { code_selector_ = vcpu_.system().cs.selector; }
  // Notes what this exit leaves pending, and answers it where a guarded page made it leave the guest.
  std::optional<WatchedAccess> answer(const Exit& exit);
  // The exit answered last reads what those before it read, with nothing changed: the guest loops, or KVM does.
  bool repeats_read() const { return repeats_; }
  // KVM completes the instruction, so that the registers are those after it. Parts that it cannot finish stay pending.
  void settle();
  bool pending() const { return pending_; }

 private:
  std::optional<WatchedAccess> answer_guarded(const Exit& exit);
  std::optional<WatchedAccess> make_up_for(const LostPush& push);

  Vcpu& vcpu_;
  DebuggedGuest& guest_;
  std::uint16_t code_selector_ = 0;  // when the run began
  FarReturn far_return_;
  bool pending_ = false;
  bool repeats_ = false;
  ReadLoop reads_;
};

}  // namespace gdbvm
