// A timer on the host: one thread that sleeps until then.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "vmm/devices/timer.h"

namespace gdbvm {

// The thread begins with the first delay set: most guests never ask for one.
class HostTimer final : public Timer {
 public:
  // `name`: the thread's, at most 15 characters.
  HostTimer(std::string name, std::function<void()> expired);
  ~HostTimer() override;
  HostTimer(const HostTimer&) = delete;
  HostTimer& operator=(const HostTimer&) = delete;
  void set(std::optional<std::chrono::nanoseconds> delay) override;

 private:
  void thread_main();

  const std::string name_;
  const std::function<void()> expired_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::chrono::steady_clock::time_point> due_;
  bool quitting_ = false;
  std::thread thread_;
};

}  // namespace gdbvm
