// The guest's clocks stand still while the debugger has stopped it.
#include "vmm/debug/control/guest_clocks.h"

#include <utility>

namespace gdbvm {

void GuestClocks::resumes() {
  if (!stopped_at_) return;
  unseen_ += now_() - *stopped_at_;
  stopped_at_.reset();
  if (unseen_ < worth_it) return;
  machine_.set_back_clocks(std::exchange(unseen_, std::chrono::nanoseconds{0}));
}

}  // namespace gdbvm
