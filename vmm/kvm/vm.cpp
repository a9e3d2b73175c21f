// Creating a VM and its in-kernel devices, and wiring memory and interrupts into it.
#include "vmm/kvm/vm.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/x86/layout.h"

namespace gdbvm::kvm {

struct Vm::DeviceState {
  kvm_irqchip chips[KVM_NR_IRQCHIPS];
  kvm_pit_state2 pit;
};

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

Vm::~Vm() = default;

// The last thing before the first CPU: adding a memory slot after the devices costs milliseconds, as KVM then waits
// until nobody can be reading the list of devices that they have joined.
void Vm::create_platform() {
  GDBVM_KVM_MUST(fd_, KVM_CREATE_IRQCHIP, 0);
  kvm_pit_config config{};
  config.flags = KVM_PIT_SPEAKER_DUMMY;  // port 0x61 too, whose bit 0 gates channel 2: kernels calibrate the TSC by it
  GDBVM_KVM_MUST(fd_, KVM_CREATE_PIT2, config);
  // Ticks that the guest could not take are dropped: after a stop of an hour they would come in a burst.
  kvm_reinject_control drop_missed_ticks{};
  if (system_.has(Capability::ReinjectControl)) {
    // The request's number does not encode the structure's size.
    GDBVM_KVM_MUST(fd_, KVM_REINJECT_CONTROL, reinterpret_cast<unsigned long>(&drop_missed_ticks));
  }

  power_on_ = std::make_unique<DeviceState>();
  for (unsigned id = 0; id < KVM_NR_IRQCHIPS; ++id) {
    power_on_->chips[id] = {};
    power_on_->chips[id].chip_id = id;
    GDBVM_KVM_MUST(fd_, KVM_GET_IRQCHIP, power_on_->chips[id]);
  }
  GDBVM_KVM_MUST(fd_, KVM_GET_PIT2, power_on_->pit);
}

void Vm::reset_devices() {
  if (!power_on_) return;
  for (kvm_irqchip& chip : power_on_->chips) GDBVM_KVM_MUST(fd_, KVM_SET_IRQCHIP, chip);
  GDBVM_KVM_MUST(fd_, KVM_SET_PIT2, power_on_->pit);
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

std::optional<x86::InterruptControllers> Vm::interrupt_controllers() {
  static_assert(sizeof(x86::PicRegisters) == sizeof(kvm_pic_state));
  static_assert(offsetof(x86::PicRegisters, level_triggered) == offsetof(kvm_pic_state, elcr));
  static_assert(sizeof(x86::IoApicRegisters) == sizeof(kvm_ioapic_state));
  static_assert(offsetof(x86::IoApicRegisters, redirection) == offsetof(kvm_ioapic_state, redirtbl));
  if (!power_on_) return std::nullopt;
  x86::InterruptControllers result;
  const auto get = [this](std::uint32_t id, auto& into) {
    kvm_irqchip chip{};
    chip.chip_id = id;
    GDBVM_KVM_MUST(fd_, KVM_GET_IRQCHIP, chip);
    std::memcpy(static_cast<void*>(&into), &chip.chip, sizeof into);
  };
  get(KVM_IRQCHIP_PIC_MASTER, result.master);
  get(KVM_IRQCHIP_PIC_SLAVE, result.slave);
  get(KVM_IRQCHIP_IOAPIC, result.io_apic);
  return result;
}

void Vm::set_slot(const MemorySlot& slot) {
  kvm_userspace_memory_region region{};
  region.slot = slot.id.value;
  region.flags = slot.read_only ? KVM_MEM_READONLY : 0;
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

unsigned Vm::max_slots() const { return static_cast<unsigned>(system_.value(Capability::NrMemslots)); }

void Vm::set_irq(unsigned gsi, bool level) {
  kvm_irq_level line{};
  line.irq = gsi;
  line.level = level;
  GDBVM_KVM_MUST(fd_, KVM_IRQ_LINE, line);
}

std::unique_ptr<gdbvm::Vcpu> Vm::create_vcpu(VcpuIndex index) {
  if (options_.platform == VmOptions::Platform::Pc && !power_on_) create_platform();
  return std::make_unique<Vcpu>(*this, index);
}

std::uint64_t Vm::clock() const {
  kvm_clock_data now{};
  GDBVM_KVM_MUST(fd_, KVM_GET_CLOCK, now);
  return now.clock;
}

void Vm::set_back_clock(std::chrono::nanoseconds by) {
  if (!system_.has(Capability::AdjustClock)) return;
  const std::uint64_t now = clock();
  kvm_clock_data then{};
  then.clock = now - std::min(now, static_cast<std::uint64_t>(by.count()));
  GDBVM_KVM_MUST(fd_, KVM_SET_CLOCK, then);
}

}  // namespace gdbvm::kvm
