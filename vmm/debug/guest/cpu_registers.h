// The registers of all CPUs, and the one description that a debugger is shown of them.
#pragma once

#include <memory>
#include <vector>

#include "vmm/debug/guest/guest_registers.h"

namespace gdbvm {

// Of the debugger's thread. A running CPU's registers are looked at where it is held out of the guest.
class CpuRegisters final {
 public:
  // `vcpus`: by index.
  CpuRegisters(std::vector<Vcpu*> vcpus, const x86::CpuFeatures& features, boot::GuestArchitecture architecture);

  const gdbstub::TargetDescription& description() const { return description_; }
  GuestRegisters& of(VcpuIndex cpu) { return *registers_[cpu.value]; }
  // Describes the CPUs as wide as the widest of them is in its present mode.
  void fit_to_modes();
  // The CPUs have run, or somebody else wrote their state.
  void forget();

 private:
  void describe_as(boot::GuestArchitecture architecture);

  std::vector<Vcpu*> vcpus_;
  x86::CpuFeatures features_;
  boot::GuestArchitecture architecture_;
  gdbstub::TargetDescription description_;
  std::vector<std::unique_ptr<GuestRegisters>> registers_;  // by index
};

}  // namespace gdbvm
