// The vCPU's clocks after a stop: the time-stamp counter is set back, and the guest is told.
#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/kvm/vm.h"

namespace gdbvm::kvm {

// By the counter's offset to the host's, which is the same for all vCPUs and stays so. (A write to the MSR would not
// do: KVM takes one that differs by less than a second for an attempt to synchronise, and ignores it.) A KVM older than
// the attribute lets the counter run on; kvm_pvm takes the offset and ignores it.
void Vcpu::set_back_tsc(std::chrono::nanoseconds by) {
  const long khz = vm_.system().has(Capability::GetTscKhz) ? fd_.call<KVM_GET_TSC_KHZ>() : 0;
  if (khz <= 0) return;
  std::uint64_t offset = 0;
  kvm_device_attr attribute{};
  attribute.group = KVM_VCPU_TSC_CTRL;
  attribute.attr = KVM_VCPU_TSC_OFFSET;
  attribute.addr = reinterpret_cast<std::uintptr_t>(&offset);
  if (fd_.call<KVM_GET_DEVICE_ATTR>(attribute) < 0) return;
  const std::uint64_t ns_per_ms = 1000000;
  const auto time = static_cast<std::uint64_t>(by.count());
  const auto frequency = static_cast<std::uint64_t>(khz);
  // In two parts: nanoseconds times kHz overflows after two hours.
  offset -= time / ns_per_ms * frequency + time % ns_per_ms * frequency / ns_per_ms;
  GDBVM_KVM_MUST(fd_, KVM_SET_DEVICE_ATTR, attribute);
}

// EINVAL: the guest does not use kvmclock.
void Vcpu::tell_it_was_stopped() {
  if (!vm_.system().has(Capability::KvmclockCtrl)) return;
  if (fd_.call<KVM_KVMCLOCK_CTRL>() < 0 && errno != EINVAL) KvmFd::fail("KVM_KVMCLOCK_CTRL");
}

}  // namespace gdbvm::kvm
