// Making KVM_RUN return: by the run page, for a thread that is about to enter it, and by a signal for one inside.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include <sys/types.h>

#include "vmm/kvm/alarm.h"

struct kvm_run;

namespace gdbvm::kvm {

// The thread that runs the vCPU calls entering() and left() right around each KVM_RUN, and then answered() once it
// knows why KVM_RUN returned; kick() may be called from anywhere.
class Kick final {
 public:
  // `run` outlives it. Installs a handler for the signal, which does nothing, once for the process.
  explicit Kick(kvm_run* run);

  enum class Entry { Guest, CompleteOnly };  // CompleteOnly: KVM_RUN finishes what is pending and returns
  void entering(Entry entry);
  void left();
  // `interrupted`: KVM_RUN returned for a kick, or for another signal, which answers a kick as well.
  void answered(Entry entry, bool interrupted);
  // A kick that meets no KVM_RUN, or one with CompleteOnly, is for the next one, or for the next wait().
  void kick() noexcept;
  // A kick at that time (see Alarm).
  void set_alarm(std::optional<Alarm::Time> at) { alarm_.set(at); }
  // In place of KVM_RUN, by the same thread: waits for a kick, and answers it (true), or for that time (false).
  bool wait(std::optional<Alarm::Time> until);

  // The real-time signal; it must not be blocked in a thread that enters.
  static int signal();

 private:
  std::atomic_ref<std::uint8_t> immediate_exit() const;

  kvm_run* run_;
  std::atomic<pid_t> runner_{0};  // the thread inside KVM_RUN; 0: none
  std::atomic<bool> kicked_{false};
  std::atomic<bool> waiting_{false};
  std::mutex mutex_;
  std::condition_variable woken_;
  Alarm alarm_;
};

}  // namespace gdbvm::kvm
