#include "vmm/devices/host_timer.h"

#include <pthread.h>

namespace gdbvm {

HostTimer::HostTimer(std::string name, std::function<void()> expired)
    : name_(std::move(name)), expired_(std::move(expired)) {}

HostTimer::~HostTimer() {
  {
    const std::lock_guard lock(mutex_);
    quitting_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void HostTimer::set(std::optional<std::chrono::nanoseconds> delay) {
  const std::lock_guard lock(mutex_);
  due_.reset();
  if (delay) due_ = std::chrono::steady_clock::now() + *delay;
  if (delay && !thread_.joinable()) {
    thread_ = std::thread([this] { thread_main(); });
    pthread_setname_np(thread_.native_handle(), name_.c_str());
  }
  changed_.notify_one();
}

void HostTimer::thread_main() {
  std::unique_lock lock(mutex_);
  while (!quitting_) {
    if (!due_) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() < *due_) {
      changed_.wait_until(lock, *due_);
    } else {
      due_.reset();
      lock.unlock();
      expired_();
      lock.lock();
    }
  }
}

}  // namespace gdbvm
