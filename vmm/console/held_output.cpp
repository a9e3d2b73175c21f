#include "vmm/console/held_output.h"

namespace gdbvm {

void HeldOutput::write(std::span<const std::uint8_t> bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (holding_) {
      kept_.insert(kept_.end(), bytes.begin(), bytes.end());
      if (kept_.size() > most) kept_.erase(kept_.begin(), kept_.end() - most / 2);
      return;
    }
  }
  to_.write(bytes);
}

void HeldOutput::hold() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void HeldOutput::release(const std::function<void(std::span<const std::uint8_t>)>& show) {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  if (!kept_.empty()) show(kept_);
  kept_.clear();
}

}  // namespace gdbvm
