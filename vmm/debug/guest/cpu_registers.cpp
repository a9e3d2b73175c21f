// There is one description for all CPUs, and a wider one can show a narrower CPU.
#include "vmm/debug/guest/cpu_registers.h"

#include <algorithm>
#include <utility>

namespace gdbvm {

namespace {

// By what the CPU decodes, except that 64-bit registers exist in all of long mode.
boot::GuestArchitecture architecture_of(Vcpu& vcpu) {
  switch (x86::mode_of(vcpu.system(), vcpu.general().rflags)) {
    case x86::CpuMode::Long:
    case x86::CpuMode::Compatibility:
      return boot::GuestArchitecture::X86_64;
    case x86::CpuMode::Protected32:
      return boot::GuestArchitecture::I386;
    case x86::CpuMode::Real:
    case x86::CpuMode::Virtual8086:
    case x86::CpuMode::Protected16:
      break;
  }
  return boot::GuestArchitecture::I8086;
}

}  // namespace

CpuRegisters::CpuRegisters(std::vector<Vcpu*> vcpus, const x86::CpuFeatures& features,
                           boot::GuestArchitecture architecture)
    : vcpus_(std::move(vcpus)), features_(features), architecture_(architecture) {
  describe_as(architecture);
}

void CpuRegisters::describe_as(boot::GuestArchitecture architecture) {
  architecture_ = architecture;
  description_ = describe_registers(architecture, features_);
  registers_.clear();
  for (Vcpu* vcpu : vcpus_) registers_.push_back(std::make_unique<GuestRegisters>(architecture, features_, *vcpu));
}

void CpuRegisters::fit_to_modes() {
  auto widest = boot::GuestArchitecture::I8086;
  for (Vcpu* vcpu : vcpus_) widest = std::max(widest, architecture_of(*vcpu));
  if (widest != architecture_) describe_as(widest);
}

void CpuRegisters::forget() {
  for (const auto& registers : registers_) registers->forget();
}

}  // namespace gdbvm
