// The register banks of a vCPU: from the run page where KVM put them there, else by ioctl.

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vcpu.h"
#include "vmm/kvm/vm.h"
#include "vmm/x86/power_on.h"

namespace gdbvm::kvm {

// The named structs move in one copy.
static_assert(sizeof(x86::GeneralRegisters) == sizeof(kvm_regs));
static_assert(offsetof(x86::GeneralRegisters, rsp) == offsetof(kvm_regs, rsp));
static_assert(offsetof(x86::GeneralRegisters, rflags) == offsetof(kvm_regs, rflags));
static_assert(sizeof(x86::Segment) == sizeof(kvm_segment));
static_assert(offsetof(x86::Segment, type) == offsetof(kvm_segment, type));
static_assert(offsetof(x86::Segment, db) == offsetof(kvm_segment, db));
static_assert(offsetof(x86::Segment, unusable) == offsetof(kvm_segment, unusable));
static_assert(sizeof(x86::SystemRegisters) == sizeof(kvm_sregs));
static_assert(offsetof(x86::SystemRegisters, ss) == offsetof(kvm_sregs, ss));
static_assert(offsetof(x86::SystemRegisters, tr) == offsetof(kvm_sregs, tr));
static_assert(offsetof(x86::SystemRegisters, idt) == offsetof(kvm_sregs, idt));
static_assert(offsetof(x86::SystemRegisters, cr8) == offsetof(kvm_sregs, cr8));
static_assert(offsetof(x86::SystemRegisters, apic_base) == offsetof(kvm_sregs, apic_base));
static_assert(sizeof(x86::VcpuEvents) == sizeof(kvm_vcpu_events));
static_assert(offsetof(x86::VcpuEvents, smi) == offsetof(kvm_vcpu_events, smi));
static_assert(offsetof(x86::VcpuEvents, exception_payload) == offsetof(kvm_vcpu_events, exception_payload));
static_assert(x86::event_flags::nmi_pending == KVM_VCPUEVENT_VALID_NMI_PENDING);
static_assert(x86::event_flags::shadow == KVM_VCPUEVENT_VALID_SHADOW);
static_assert(x86::event_flags::smm == KVM_VCPUEVENT_VALID_SMM);
static_assert(sizeof(x86::DebugRegisters) == sizeof(kvm_debugregs));
static_assert(sizeof(x86::ExtendedState) == sizeof(kvm_xsave));

namespace {
kvm_regs& raw(x86::GeneralRegisters& r) { return reinterpret_cast<kvm_regs&>(r); }
kvm_sregs& raw(x86::SystemRegisters& r) { return reinterpret_cast<kvm_sregs&>(r); }
kvm_vcpu_events& raw(x86::VcpuEvents& e) { return reinterpret_cast<kvm_vcpu_events&>(e); }
kvm_debugregs& raw(x86::DebugRegisters& r) { return reinterpret_cast<kvm_debugregs&>(r); }
kvm_xsave& raw(x86::ExtendedState& s) { return reinterpret_cast<kvm_xsave&>(s); }

struct OneMsr {
  kvm_msrs head;
  kvm_msr_entry entry;
};
OneMsr one_msr(std::uint32_t index, std::uint64_t value) {
  OneMsr request{};
  request.head.nmsrs = 1;
  request.entry.index = index;
  request.entry.data = value;
  return request;
}

// For setters whose value KVM judges: false is its refusal, anything else that fails is ours.
bool accepted(int result, const char* name) {
  if (result >= 0) return true;
  if (errno != EINVAL) KvmFd::fail(name);
  return false;
}
}  // namespace

const x86::GeneralRegisters& Vcpu::general() {
  if (general_.newest == Newest::RunPage) raw(general_.copy) = run_->s.regs.regs;
  if (general_.newest == Newest::Kvm) GDBVM_KVM_MUST(fd_, KVM_GET_REGS, raw(general_.copy));
  general_.newest = Newest::Copy;
  return general_.copy;
}

void Vcpu::set_general(const x86::GeneralRegisters& registers) {
  general_.copy = registers;
  general_.newest = Newest::Copy;
  general_dirty_ = true;
  if (!sync_ || !has_run_) flush_general();
}

void Vcpu::flush_general() {
  if (!general_dirty_) return;
  GDBVM_KVM_MUST(fd_, KVM_SET_REGS, raw(general_.copy));
  general_dirty_ = false;
}

const x86::SystemRegisters& Vcpu::system() {
  if (system_.newest == Newest::RunPage) raw(system_.copy) = run_->s.regs.sregs;
  if (system_.newest == Newest::Kvm) GDBVM_KVM_MUST(fd_, KVM_GET_SREGS, raw(system_.copy));
  system_.newest = Newest::Copy;
  return system_.copy;
}

// At once, and not through the run page: KVM checks the values, and a refusal must not become a failing KVM_RUN.
bool Vcpu::set_system(const x86::SystemRegisters& registers) {
  x86::SystemRegisters wanted = registers;
  wanted.interrupt_bitmap = {};  // events() has it: from here KVM would take an interrupt again that has been taken out
  const int result = fd_.call<KVM_SET_SREGS>(raw(wanted));
  system_.newest = Newest::Kvm;  // KVM may have its own idea of some bits
  if (!accepted(result, "KVM_SET_SREGS")) return false;
  run_->cr8 = registers.cr8;  // or KVM_RUN would set the old one
  return true;
}

x86::VcpuEvents Vcpu::events() {
  if (events_.newest == Newest::RunPage) raw(events_.copy) = run_->s.regs.events;
  if (events_.newest == Newest::Kvm) GDBVM_KVM_MUST(fd_, KVM_GET_VCPU_EVENTS, raw(events_.copy));
  events_.newest = Newest::Copy;
  return events_.copy;
}

// KVM_SET_REGS drops a pending exception, so registers that wait go first.
void Vcpu::set_events(const x86::VcpuEvents& events) {
  flush_general();
  x86::VcpuEvents wanted = events;
  GDBVM_KVM_MUST(fd_, KVM_SET_VCPU_EVENTS, raw(wanted));
  events_.newest = Newest::Kvm;
}

void Vcpu::inject_exception(std::uint8_t vector, bool has_error_code, std::uint32_t error_code) {
  x86::VcpuEvents wanted = events();
  wanted.exception = {
      .injected = 1, .nr = vector, .has_error_code = has_error_code, .pending = 0, .error_code = error_code};
  wanted.exception_has_payload = 0;
  set_events(wanted);
}

void Vcpu::inject_nmi() {
  GDBVM_KVM_MUST(fd_, KVM_NMI, 0);
  events_.newest = Newest::Kvm;
}

void Vcpu::inject_interrupt(std::uint8_t vector) {
  kvm_interrupt interrupt{.irq = vector};
  GDBVM_KVM_MUST(fd_, KVM_INTERRUPT, interrupt);
  events_.newest = Newest::Kvm;
}

void Vcpu::request_interrupt_window(bool on) { run_->request_interrupt_window = on; }

// KVM_RUN takes it from the run page and leaves it there.
std::uint8_t Vcpu::task_priority() { return static_cast<std::uint8_t>(run_->cr8); }

void Vcpu::set_task_priority(std::uint8_t cr8) {
  run_->cr8 = cr8;
  (void)system();
  system_.copy.cr8 = cr8;
}

x86::ExtendedState Vcpu::extended() {
  x86::ExtendedState state;
  GDBVM_KVM_MUST(fd_, KVM_GET_XSAVE, raw(state));
  return state;
}

bool Vcpu::set_extended(const x86::ExtendedState& state) {
  x86::ExtendedState wanted = state;
  return accepted(fd_.call<KVM_SET_XSAVE>(raw(wanted)), "KVM_SET_XSAVE");
}

x86::DebugRegisters Vcpu::debug_registers() {
  x86::DebugRegisters registers;
  GDBVM_KVM_MUST(fd_, KVM_GET_DEBUGREGS, raw(registers));
  return registers;
}

bool Vcpu::set_debug_registers(const x86::DebugRegisters& registers) {
  x86::DebugRegisters wanted = registers;
  return accepted(fd_.call<KVM_SET_DEBUGREGS>(raw(wanted)), "KVM_SET_DEBUGREGS");
}

std::uint64_t Vcpu::xcr0() {
  if (!vm_.system().has(Capability::Xcrs)) return 1;  // x87 state: all there is without XSAVE
  kvm_xcrs registers{};
  GDBVM_KVM_MUST(fd_, KVM_GET_XCRS, registers);
  return registers.nr_xcrs > 0 ? registers.xcrs[0].value : 1;
}

bool Vcpu::set_xcr0(std::uint64_t value) {
  if (!vm_.system().has(Capability::Xcrs)) return value == 1;
  kvm_xcrs registers{};
  registers.nr_xcrs = 1;
  registers.xcrs[0].value = value;
  return accepted(fd_.call<KVM_SET_XCRS>(registers), "KVM_SET_XCRS");
}

bool Vcpu::covers_trap_flag() const {
  return sent_debug_.single_step && general_.newest == Newest::Copy && (general_.copy.rflags & x86::rflags::tf);
}

void Vcpu::restore_trap_flag() {
  auto registers = general();
  registers.rflags |= x86::rflags::tf;
  set_general(registers);
}

bool Vcpu::set_msr(std::uint32_t index, std::uint64_t value) {
  OneMsr request = one_msr(index, value);
  return fd_.call<KVM_SET_MSRS>(request.head) == 1;
}

namespace {
// A request of so many MSRs, in the words of its buffer.
struct MsrList {
  explicit MsrList(std::span<const std::uint32_t> indices)
      : words((sizeof(kvm_msrs) + indices.size() * sizeof(kvm_msr_entry)) / sizeof(std::uint64_t)),
        head(*reinterpret_cast<kvm_msrs*>(words.data())),
        entries(reinterpret_cast<kvm_msr_entry*>(&head + 1)) {
    head.nmsrs = static_cast<std::uint32_t>(indices.size());
    for (std::size_t i = 0; i < indices.size(); ++i) entries[i].index = indices[i];
  }
  std::vector<std::uint64_t> words;
  kvm_msrs& head;
  kvm_msr_entry* entries;
};
}  // namespace

std::size_t Vcpu::read_msrs(std::span<const std::uint32_t> indices, std::span<std::uint64_t> values) {
  MsrList list(indices);
  const auto count = static_cast<std::size_t>(std::max(fd_.call<KVM_GET_MSRS>(list.head), 0));
  for (std::size_t i = 0; i < count; ++i) values[i] = list.entries[i].data;
  return count;
}

std::size_t Vcpu::write_msrs(std::span<const std::uint32_t> indices, std::span<const std::uint64_t> values) {
  MsrList list(indices);
  for (std::size_t i = 0; i < indices.size(); ++i) list.entries[i].data = values[i];
  return static_cast<std::size_t>(std::max(fd_.call<KVM_SET_MSRS>(list.head), 0));
}

const std::vector<std::uint32_t>& Vcpu::state_msrs() {
  if (state_msrs_) return *state_msrs_;
  state_msrs_.emplace();
  for (const std::uint32_t index : vm_.system().msr_index_list()) {
    const bool elsewhere = index == x86::msr::tsc || index == x86::efer::index || index == x86::msr::apic_base;
    const auto value = elsewhere ? std::nullopt : msr(index);
    if (value && set_msr(index, *value)) state_msrs_->push_back(index);
  }
  return *state_msrs_;
}

void Vcpu::reset() {
  const bool boot_cpu = index_.value == 0;
  run_->cr8 = 0;
  set_events(x86::power_on::events());
  set_general(x86::power_on::general());
  const bool taken = set_system(x86::power_on::system(boot_cpu)) && set_extended(x86::power_on::extended()) &&
                     set_debug_registers(x86::power_on::debug_registers()) && set_xcr0(1);
  if (!taken) throw std::runtime_error("KVM refuses a CPU's state at power-on");
  for (const auto& [index, value] : x86::power_on::msrs) (void)set_msr(index, value);
}

}  // namespace gdbvm::kvm
