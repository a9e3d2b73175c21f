// The guest's clocks stand still while the debugger has stopped it.
#include "vmm/debug/control/guest_clocks.h"

#include <utility>

namespace gdbvm {

void GuestClocks::resumes() {
  machine_.clock().go();
  const auto stood = machine_.clock().take_stood();
  if (!std::exchange(has_run_, true)) return;
  unseen_ += stood;
  if (unseen_ < worth_it) return;
  machine_.set_back_clocks(std::exchange(unseen_, std::chrono::nanoseconds{0}));
}

}  // namespace gdbvm
