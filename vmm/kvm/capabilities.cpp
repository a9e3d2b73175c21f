// The table of KVM extensions: what gdbvm cannot do without, what it makes use of, and why.
#include "vmm/kvm/system.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {
using enum CapabilityInfo::Need;
#define CAP(capability, number, need, why) \
  CapabilityInfo { Capability::capability, number, #number, need, why }
constexpr std::array<CapabilityInfo, static_cast<std::size_t>(Capability::Count_)> table{
    CAP(UserMemory, KVM_CAP_USER_MEMORY, Required, "guest RAM is the VMM's own memory"),
    CAP(SetTssAddr, KVM_CAP_SET_TSS_ADDR, Required, "real mode on Intel needs a place for its TSS"),
    CAP(ExtCpuid, KVM_CAP_EXT_CPUID, Required, "the guest's CPUID is made from the host's"),
    CAP(ImmediateExit, KVM_CAP_IMMEDIATE_EXIT, Required, "stopping a vCPU without a race, completing I/O"),
    CAP(SetGuestDebug, KVM_CAP_SET_GUEST_DEBUG, Required, "single steps and breakpoints"),
    CAP(VcpuEvents, KVM_CAP_VCPU_EVENTS, Required, "giving the guest its own exceptions back"),
    CAP(Xsave, KVM_CAP_XSAVE, Required, "floating point and vector registers"),
    CAP(DebugRegs, KVM_CAP_DEBUGREGS, Required, "the guest's own debug registers"),
    CAP(NrMemslots, KVM_CAP_NR_MEMSLOTS, Required, "how many memory slots there are"),
    CAP(MaxVcpus, KVM_CAP_MAX_VCPUS, Wanted, "how many vCPUs a VM may have"),
    CAP(SyncRegs, KVM_CAP_SYNC_REGS, Wanted, "registers at a stop without an ioctl"),
    CAP(ReadonlyMem, KVM_CAP_READONLY_MEM, Wanted, "ROM, and write watchpoints without debug registers"),
    CAP(SetIdentityMapAddr, KVM_CAP_SET_IDENTITY_MAP_ADDR, Wanted, "real mode on Intel without unrestricted guest"),
    CAP(Xcrs, KVM_CAP_XCRS, Wanted, "register xcr0"),
    CAP(AdjustClock, KVM_CAP_ADJUST_CLOCK, Wanted, "kvmclock stands still while the guest is stopped"),
    CAP(KvmclockCtrl, KVM_CAP_KVMCLOCK_CTRL, Wanted, "a stopped guest's watchdogs stay quiet"),
    CAP(GetTscKhz, KVM_CAP_GET_TSC_KHZ, Wanted, "the time-stamp counter stands still while the guest is stopped"),
    CAP(UserSpaceMsr, KVM_CAP_X86_USER_SPACE_MSR, Wanted, "the moment at which a Linux kernel has chosen its address"),
    CAP(MsrFilter, KVM_CAP_X86_MSR_FILTER, Wanted, "the same"),
    CAP(ExitOnEmulationFailure, KVM_CAP_EXIT_ON_EMULATION_FAILURE, Wanted,
        "the bytes of instructions KVM cannot emulate"),
};
#undef CAP

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].capability) != i) return false;
  return true;
}
static_assert(in_order());
}  // namespace

const std::array<CapabilityInfo, static_cast<std::size_t>(Capability::Count_)>& capability_table() { return table; }

}  // namespace gdbvm::kvm
