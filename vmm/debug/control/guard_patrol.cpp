#include "vmm/debug/control/guard_patrol.h"

#include <algorithm>

#include <pthread.h>

namespace gdbvm {

GuardPatrol::~GuardPatrol() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void GuardPatrol::begin(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  const bool idle = !any_running();
  rounds_[cpu.value] = {true, false};
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { walk(); });
    pthread_setname_np(thread_.native_handle(), "guard patrol");
  }
  if (idle) changed_.notify_all();
}

void GuardPatrol::end(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  rounds_[cpu.value].running = false;
}

bool GuardPatrol::any_running() const {
  return std::ranges::any_of(rounds_, [](const Round& round) { return round.running; });
}

void GuardPatrol::walk() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    changed_.wait(lock, [this] { return ends_ || any_running(); });
    changed_.wait_for(lock, period, [this] { return ends_; });
    for (std::size_t i = 0; i < rounds_.size() && !ends_; ++i) {
      if (rounds_[i].running && rounds_[i].seen) vcpus_[i]->kick();
      rounds_[i].seen = true;
    }
  }
}

}  // namespace gdbvm
