// The vCPU's clocks after a stop: the time-stamp counter is set back, and the guest is told.
#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/kvm/vm.h"
#include "vmm/x86/msrs.h"

namespace gdbvm::kvm {

// The offset is the same for all vCPUs and stays so. (A write to the MSR would not do: KVM takes one that differs by
// less than a second for an attempt to synchronise, and ignores it.) A KVM older than the attribute lets the counter
// run on; kvm_pvm takes the offset and ignores it.
bool Vcpu::move_tsc(std::uint64_t by) {
  std::uint64_t offset = 0;
  kvm_device_attr attribute{};
  attribute.group = KVM_VCPU_TSC_CTRL;
  attribute.attr = KVM_VCPU_TSC_OFFSET;
  attribute.addr = reinterpret_cast<std::uintptr_t>(&offset);
  if (fd_.call<KVM_GET_DEVICE_ATTR>(attribute) < 0) return false;
  offset += by;
  GDBVM_KVM_MUST(fd_, KVM_SET_DEVICE_ATTR, attribute);
  return true;
}

void Vcpu::set_back_tsc(std::chrono::nanoseconds by) {
  const long khz = vm_.system().has(Capability::GetTscKhz) ? fd_.call<KVM_GET_TSC_KHZ>() : 0;
  if (khz <= 0) return;
  const std::uint64_t ns_per_ms = 1000000;
  const auto time = static_cast<std::uint64_t>(by.count());
  const auto frequency = static_cast<std::uint64_t>(khz);
  // In two parts: nanoseconds times kHz overflows after two hours.
  move_tsc(0 - (time / ns_per_ms * frequency + time % ns_per_ms * frequency / ns_per_ms));
}

std::uint64_t Vcpu::tsc() { return msr(x86::msr::tsc).value_or(0); }

// Where it has been seen not to move, the ioctls are saved.
void Vcpu::set_tsc(std::uint64_t value) {
  constexpr std::uint64_t too_little_to_tell = 1u << 30;
  const auto distance = [value](std::uint64_t tsc) { return tsc > value ? tsc - value : value - tsc; };
  if (!tsc_moves_) return;
  const std::uint64_t now = tsc();
  tsc_moves_ = move_tsc(value - now);
  if (tsc_moves_ && distance(now) > too_little_to_tell) tsc_moves_ = distance(tsc()) < distance(now) / 2;
}

// EINVAL: the guest does not use kvmclock.
void Vcpu::tell_it_was_stopped() {
  if (!vm_.system().has(Capability::KvmclockCtrl)) return;
  if (fd_.call<KVM_KVMCLOCK_CTRL>() < 0 && errno != EINVAL) KvmFd::fail("KVM_KVMCLOCK_CTRL");
}

}  // namespace gdbvm::kvm
