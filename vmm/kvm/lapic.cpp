// KVM_GET_LAPIC and KVM_SET_LAPIC on the register page (SDM vol. 3, table 11-1).
#include "vmm/kvm/lapic.h"

#include <cstring>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

struct Vcpu::Lapic::State {
  kvm_lapic_state page;
};

namespace {
constexpr unsigned lvt_lint0 = 0x350, lvt_lint1 = 0x360;
constexpr std::uint32_t deliver_ext_int = 0x700, deliver_nmi = 0x400;

void put(kvm_lapic_state& page, unsigned offset, std::uint32_t value) {
  std::memcpy(page.regs + offset, &value, sizeof value);
}
}  // namespace

Vcpu::Lapic::Lapic(const KvmFd& fd, VcpuIndex index) : state_(std::make_unique<State>()) {
  GDBVM_KVM_MUST(fd, KVM_GET_LAPIC, state_->page);
  if (index.value != 0) return;
  put(state_->page, lvt_lint0, deliver_ext_int);
  put(state_->page, lvt_lint1, deliver_nmi);
  GDBVM_KVM_MUST(fd, KVM_SET_LAPIC, state_->page);
}

Vcpu::Lapic::~Lapic() = default;

void Vcpu::Lapic::reset(const KvmFd& fd) { GDBVM_KVM_MUST(fd, KVM_SET_LAPIC, state_->page); }

std::optional<x86::LocalApicRegisters> Vcpu::local_apic() {
  static_assert(sizeof(x86::LocalApicRegisters) == sizeof(kvm_lapic_state));
  if (!lapic_) return std::nullopt;
  x86::LocalApicRegisters registers;
  GDBVM_KVM_MUST(fd_, KVM_GET_LAPIC, reinterpret_cast<kvm_lapic_state&>(registers));
  return registers;
}

}  // namespace gdbvm::kvm
