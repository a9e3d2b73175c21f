// The guest's clocks stand still while the debugger has stopped it.
#include "vmm/debug/control/guest_clocks.h"

#include <utility>

namespace gdbvm {

void GuestClocks::stopped() {
  machine_.clock().stop();
  stopped_at_ = machine_.clock().host_now();
}

void GuestClocks::resumes() {
  machine_.clock().go();
  if (!stopped_at_) return;
  unseen_ += machine_.clock().host_now() - *std::exchange(stopped_at_, std::nullopt);
  if (unseen_ < worth_it) return;
  machine_.set_back_clocks(std::exchange(unseen_, std::chrono::nanoseconds{0}));
}

}  // namespace gdbvm
