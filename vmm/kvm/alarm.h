// The host's timer that kicks a running vCPU at a given time.
#pragma once

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>

#include <sys/types.h>

struct kvm_run;

namespace gdbvm::kvm {

// A POSIX timer whose signal goes to the thread that runs the vCPU: no other thread wakes for it. The signal makes
// KVM_RUN return, and its handler sees to it that one which has not begun yet does so at once.
class Alarm final {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Alarm(kvm_run* run) : run_(run) {}
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // By the thread that enters KVM_RUN, always the same one. nullopt: the alarm is not needed; an earlier one may still
  // come. The same time again costs nothing.
  void set(std::optional<Time> at);
  // No alarm comes from now on.
  void cancel();
  // For the signal's handler, on the thread that set the alarm.
  static void went_off() noexcept;

 private:
  void create();

  kvm_run* run_;
  std::optional<timer_t> timer_;
  std::optional<Time> set_for_;
};

}  // namespace gdbvm::kvm
