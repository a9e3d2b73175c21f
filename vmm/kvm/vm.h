// The VM level of the KVM API: memory slots, the in-kernel interrupt controllers and timer, the clock.
#pragma once

#include <memory>

#include "vmm/hypervisor/vm.h"
#include "vmm/kvm/ioctl.h"
#include "vmm/kvm/system.h"

namespace gdbvm::kvm {

struct VmOptions {
  unsigned cpus = 1;                                         // the topology that CPUID tells
  enum class Platform { Pc, None } platform = Platform::Pc;  // Pc: PICs, IOAPIC, LAPICs and PIT in the kernel
};

class Vm final : public gdbvm::Vm {
 public:
  // KVM_CREATE_VM, KVM_SET_TSS_ADDR, KVM_SET_IDENTITY_MAP_ADDR. `system` outlives the VM. Throws SetupError.
  explicit Vm(System& system, const VmOptions& options = {});
  ~Vm() override;

  void set_slot(const MemorySlot& slot) override;
  void remove_slot(SlotId id) override;
  unsigned max_slots() const override;
  void set_irq(unsigned gsi, bool level) override;
  // The result is a kvm::Vcpu, which does not outlive the VM. With the first come the platform's devices:
  // KVM_CREATE_IRQCHIP, KVM_CREATE_PIT2, KVM_REINJECT_CONTROL.
  std::unique_ptr<gdbvm::Vcpu> create_vcpu(VcpuIndex index) override;
  // KVM_GET_IRQCHIP.
  std::optional<x86::InterruptControllers> interrupt_controllers() override;

  // KVM_GET_CLOCK: kvmclock in nanoseconds.
  std::uint64_t clock() const;
  // KVM_GET_CLOCK and KVM_SET_CLOCK; does nothing where KVM has no such clock.
  void set_back_clock(std::chrono::nanoseconds by) override;
  void reset_devices() override;
  // KVM_CAP_X86_USER_SPACE_MSR, KVM_X86_SET_MSR_FILTER.
  bool report_efer_writes(bool on) override;

  System& system() const { return system_; }
  const VmOptions& options() const { return options_; }
  const KvmFd& fd() const { return fd_; }

 private:
  struct DeviceState;  // irqchips and PIT at power-on

  void create_platform();

  System& system_;
  VmOptions options_;
  KvmFd fd_;
  std::unique_ptr<DeviceState> power_on_;
};

}  // namespace gdbvm::kvm
