// A vCPU's local APIC in the kernel: what firmware sets up in it, and its state at power-on.
#pragma once

#include <memory>

#include "vmm/kvm/vcpu.h"

namespace gdbvm::kvm {

struct Vcpu::Lapic {
 public:
  // Sets LINT0 to ExtINT and LINT1 to NMI on CPU 0, as firmware would: without it no PIC interrupt ever arrives.
  Lapic(const KvmFd& fd, VcpuIndex index);
  ~Lapic();
  // KVM_SET_LAPIC with the state the constructor left.
  void reset(const KvmFd& fd);

 private:
  struct State;  // kvm_lapic_state
  std::unique_ptr<State> state_;
};

}  // namespace gdbvm::kvm
