// Kicks vCPUs that have been in the guest for long while pages are guarded.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// Over some accesses to a guarded page KVM_RUN neither ends nor lets the guest get on (a descriptor that is read there,
// an operand of ten bytes): only a kick shows that the CPU still stands where it stood. The thread sleeps while no vCPU
// is in the guest with guards.
class GuardPatrol final {
 public:
  static constexpr std::chrono::milliseconds period{20};

  explicit GuardPatrol(std::vector<Vcpu*> vcpus) : vcpus_(std::move(vcpus)), rounds_(vcpus_.size()) {}
  ~GuardPatrol();
  GuardPatrol(const GuardPatrol&) = delete;
  GuardPatrol& operator=(const GuardPatrol&) = delete;

  // Around a run with guarded pages, on the vCPU's thread.
  void begin(VcpuIndex cpu);
  void end(VcpuIndex cpu);

 private:
  struct Round {
    bool running = false, seen = false;  // seen: by the patrol, a period ago
  };
  void walk();
  bool any_running() const;

  std::vector<Vcpu*> vcpus_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Round> rounds_;
  bool ends_ = false;
  std::thread thread_;  // from the first run on
};

}  // namespace gdbvm
