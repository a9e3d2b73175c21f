// Creating a VM and giving it memory.
#include "vmm/kvm/vm.h"

#include <array>
#include <cstring>
#include <stdexcept>

#include "vmm/kvm/shadow_paging.h"
#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/x86/layout.h"

namespace gdbvm::kvm {

namespace {
KvmFd create_vm(const System& system) {
  int fd;
  do {
    fd = system.fd().call<KVM_CREATE_VM>(0);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) throw SetupError(fmt::format("KVM_CREATE_VM fails: {}; see the kernel log", std::strerror(errno)));
  return {Fd(fd), {TraceLevel::Kind::Vm}, system.fd().trace()};
}
}  // namespace

Vm::Vm(System& system, const VmOptions& options) : system_(system), options_(options), fd_(create_vm(system)) {
  if (options.cpus < 1 || options.cpus > system.max_vcpus())
    throw SetupError(
        fmt::format("{} vCPUs asked for, but this host's KVM takes 1 to {}", options.cpus, system.max_vcpus()));
  GDBVM_KVM_MUST(fd_, KVM_SET_TSS_ADDR, x86::layout::kvm_tss);
  if (system.has(Capability::SetIdentityMapAddr)) {
    unsigned long long address = x86::layout::kvm_identity_map;
    GDBVM_KVM_MUST(fd_, KVM_SET_IDENTITY_MAP_ADDR, address);
  }
}

bool Vm::report_efer_writes(bool on) {
  if (!system_.has(Capability::UserSpaceMsr) || !system_.has(Capability::MsrFilter)) return false;
  kvm_enable_cap filtered{};
  filtered.cap = KVM_CAP_X86_USER_SPACE_MSR;
  filtered.args[0] = on ? KVM_MSR_EXIT_REASON_FILTER : 0;
  GDBVM_KVM_MUST(fd_, KVM_ENABLE_CAP, filtered);
  std::uint64_t denied = 0;  // a bit for each MSR of the range
  kvm_msr_filter filter{};
  filter.flags = KVM_MSR_FILTER_DEFAULT_ALLOW;
  if (on)
    filter.ranges[0] = {.flags = KVM_MSR_FILTER_WRITE,
                        .nmsrs = 1,
                        .base = x86::efer::index,
                        .bitmap = reinterpret_cast<std::uint8_t*>(&denied)};
  GDBVM_KVM_MUST(fd_, KVM_X86_SET_MSR_FILTER, filter);
  return true;
}

void Vm::set_slot(const MemorySlot& slot) {
  kvm_userspace_memory_region region{};
  region.slot = slot.id.value;
  region.flags = (slot.read_only ? KVM_MEM_READONLY : 0u) | (slot.tracked ? KVM_MEM_LOG_DIRTY_PAGES : 0u);
  region.guest_phys_addr = slot.start.value;
  region.memory_size = slot.size;
  region.userspace_addr = reinterpret_cast<std::uintptr_t>(slot.host);
  GDBVM_KVM_MUST(fd_, KVM_SET_USER_MEMORY_REGION, region);
}

void Vm::remove_slot(SlotId id) {
  kvm_userspace_memory_region region{};
  region.slot = id.value;
  GDBVM_KVM_MUST(fd_, KVM_SET_USER_MEMORY_REGION, region);
}

void Vm::take_dirty_pages(const MemorySlot& slot, std::span<std::uint64_t> bitmap) {
  if (bitmap.size() * 64 < slot.size / page_size) throw std::logic_error("a dirty log needs a bit for each page");
  kvm_dirty_log log{};
  log.slot = slot.id.value;
  log.dirty_bitmap = bitmap.data();
  GDBVM_KVM_MUST(fd_, KVM_GET_DIRTY_LOG, log);
}

// One is for drop_translations().
unsigned Vm::max_slots() const { return static_cast<unsigned>(system_.value(Capability::NrMemslots)) - 1; }

// KVM traps the guest's writes to its page tables and does not see ours. To remove any slot is the one call that makes
// it forget all that it has read from them.
void Vm::drop_translations() {
  if (!has_shadow_paging_) has_shadow_paging_ = has_shadow_paging();
  if (!*has_shadow_paging_) return;
  alignas(page_size) static std::array<std::byte, page_size> nothing;
  const SlotId spare{max_slots()};
  set_slot({.id = spare, .start = {x86::layout::kvm_spare}, .size = page_size, .host = nothing.data()});
  remove_slot(spare);
}

std::unique_ptr<BareVcpu> Vm::create_vcpu(VcpuIndex index) { return std::make_unique<Vcpu>(*this, index); }

std::uint64_t Vm::clock() const {
  if (!system_.has(Capability::AdjustClock)) return 0;
  kvm_clock_data now{};
  GDBVM_KVM_MUST(fd_, KVM_GET_CLOCK, now);
  return now.clock;
}

void Vm::set_clock(std::uint64_t ns) {
  if (!system_.has(Capability::AdjustClock)) return;
  kvm_clock_data then{};
  then.clock = ns;
  GDBVM_KVM_MUST(fd_, KVM_SET_CLOCK, then);
}

}  // namespace gdbvm::kvm
