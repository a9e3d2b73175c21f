// Kicks vCPUs that have been in the guest for long.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "vmm/debug/control/long_run.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Over some instructions KVM_RUN neither ends nor lets the guest get on (a descriptor that is read in a guarded page,
// int 0x80 in real mode on kvm_pvm): only a kick shows that the CPU still stands where it stood. And nothing leaves the
// guest when it loads an IDT whose handlers are waited for. The thread sleeps while no vCPU is in the guest that is to
// be looked at; begin() and end() cost a few atomic operations. A CPU that is looked at seldom and leaves for nothing
// but the kicks is kicked once in 8 s in the end.
class Patrol final {
 public:
  enum class Looks { Never, Seldom, Often };
  static constexpr std::chrono::milliseconds seldom{500}, often{20};

  explicit Patrol(std::vector<Vcpu*> vcpus);
  ~Patrol();
  Patrol(const Patrol&) = delete;
  Patrol& operator=(const Patrol&) = delete;

  // Around a run, on the vCPU's thread: see PatrolledRun.
  void begin(VcpuIndex cpu, Looks looks);
  void end(VcpuIndex cpu) { ++beats_[cpu.value].runs; }
  // No vCPU has been in the guest for a period.
  bool asleep() const {
    const std::lock_guard lock(mutex_);
    return pace_ == Pace::Asleep;
  }

 private:
  struct Beat {
    std::atomic<std::uint64_t> runs{0};  // begun and ended: odd while the vCPU is in the guest
    std::atomic<Looks> looks{Looks::Never};
    LongRun run;  // the patrol's own
  };
  enum class Pace { Asleep, Slow, Fast };

  void wake(Pace wanted);
  void walk();
  void go_round();
  static Pace pace_for(Looks looks);
  Pace pace_wanted() const;

  const std::vector<Vcpu*> vcpus_;
  const std::unique_ptr<Beat[]> beats_;
  std::atomic<Pace> pace_{Pace::Asleep};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;  // from the first run on
};

// A run for a scope, which may also end because the host fails.
class PatrolledRun final {
 public:
  PatrolledRun(Patrol& patrol, VcpuIndex cpu, Patrol::Looks looks) : patrol_(patrol), cpu_(cpu) {
    patrol_.begin(cpu, looks);
  }
  ~PatrolledRun() { patrol_.end(cpu_); }
  PatrolledRun(const PatrolledRun&) = delete;
  PatrolledRun& operator=(const PatrolledRun&) = delete;

 private:
  Patrol& patrol_;
  const VcpuIndex cpu_;
};

}  // namespace gdbvm
