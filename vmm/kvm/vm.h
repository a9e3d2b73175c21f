// The VM level of the KVM API: memory slots and the clock.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "vmm/hypervisor/vm.h"
#include "vmm/kvm/ioctl.h"
#include "vmm/kvm/system.h"

namespace gdbvm::kvm {

struct VmOptions {
  unsigned cpus = 1;  // the topology that CPUID tells
  // What the CPUs answer, but for what differs from CPU to CPU; empty: all that KVM supports.
  std::vector<x86::CpuidEntry> cpuid = {};
};

// There are no interrupt controllers and timers in the kernel: those are devices/ and machine/.
class Vm final : public gdbvm::Vm {
 public:
  // KVM_CREATE_VM, KVM_SET_TSS_ADDR, KVM_SET_IDENTITY_MAP_ADDR. `system` outlives the VM. Throws SetupError.
  explicit Vm(System& system, const VmOptions& options = {});

  void set_slot(const MemorySlot& slot) override;
  void remove_slot(SlotId id) override;
  void take_dirty_pages(const MemorySlot& slot, std::span<std::uint64_t> bitmap) override;
  unsigned max_slots() const override;
  // Where the CPU does not walk the guest's tables itself: adds and removes a slot.
  void drop_translations() override;
  // The result is a kvm::Vcpu, which does not outlive the VM.
  std::unique_ptr<BareVcpu> create_vcpu(VcpuIndex index) override;

  // KVM_GET_CLOCK and KVM_SET_CLOCK.
  std::uint64_t clock() const override;
  void set_clock(std::uint64_t ns) override;
  // KVM_CAP_X86_USER_SPACE_MSR, KVM_X86_SET_MSR_FILTER.
  bool report_efer_writes(bool on) override;

  System& system() const { return system_; }
  const VmOptions& options() const { return options_; }
  const KvmFd& fd() const { return fd_; }

 private:
  System& system_;
  VmOptions options_;
  KvmFd fd_;
  std::optional<bool> has_shadow_paging_;  // once it was asked for
};

}  // namespace gdbvm::kvm
