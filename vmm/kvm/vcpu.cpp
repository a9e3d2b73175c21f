// Creating a vCPU and entering the guest with it.
#include "vmm/kvm/vcpu.h"

#include <cstring>

#include "vmm/kvm/exit_from_run.h"
#include "vmm/kvm/uapi.h"
#include "vmm/kvm/vm.h"

namespace gdbvm::kvm {

namespace {
constexpr int all_synced = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS | KVM_SYNC_X86_EVENTS;

KvmFd create(const Vm& vm, VcpuIndex index) {
  const int fd = GDBVM_KVM_MUST(vm.fd(), KVM_CREATE_VCPU, index.value);
  return {Fd(fd), {TraceLevel::Kind::Vcpu, index.value}, vm.fd().trace()};
}

std::size_t traced_mapping_size(const Vm& vm, const KvmFd& fd) {
  const std::size_t size = vm.system().vcpu_mmap_size();
  if (fd.trace()) fd.trace()->line(fd.level(), fmt::format("mmap(kvm_run, size={:#x}, SHARED)", size));
  return size;
}
}  // namespace

Vcpu::Vcpu(Vm& vm, VcpuIndex index)
    : vm_(vm),
      index_(index),
      fd_(create(vm, index)),
      mapping_(fd_.fd(), traced_mapping_size(vm, fd_)),
      run_(static_cast<kvm_run*>(mapping_.address())),
      sync_((vm.system().value(Capability::SyncRegs) & all_synced) == all_synced),
      kick_(run_) {
  set_cpuid();
  run_->cr8 = 0;
}

Vcpu::~Vcpu() = default;

void Vcpu::set_cpuid() {
  const VmOptions& options = vm_.options();
  const auto& answers = options.cpuid.empty() ? vm_.system().supported_cpuid() : options.cpuid;
  cpuid_ = x86::cpuid_for_cpu(answers, index_.value, options.cpus);
  std::vector<std::byte> buffer(sizeof(kvm_cpuid2) + cpuid_.size() * sizeof(x86::CpuidEntry));
  auto& head = *reinterpret_cast<kvm_cpuid2*>(buffer.data());
  head.nent = static_cast<std::uint32_t>(cpuid_.size());
  std::memcpy(&head + 1, cpuid_.data(), cpuid_.size() * sizeof(x86::CpuidEntry));
  GDBVM_KVM_MUST(fd_, KVM_SET_CPUID2, head);
}

Exit Vcpu::run() {
  send_guest_debug();
  return enter(Entry::Guest);
}

Exit Vcpu::complete() { return enter(Entry::CompleteOnly); }

Exit Vcpu::enter(Entry entry) {
  prepare_run_page();
  kick_.entering(entry);
  const int result = fd_.call<KVM_RUN>();
  const int error = errno;
  kick_.left();
  collect_run_page();

  if (result >= 0 && run_->exit_reason == KVM_EXIT_X86_WRMSR) do_reported_write();
  const Exit exit = result < 0 ? exit_from_error(error) : exit_from(*run_, mapping_.size());
  if (fd_.trace()) [[unlikely]] {
    const auto rip = sync_ ? std::optional<std::uint64_t>(run_->s.regs.regs.rip) : std::nullopt;
    fd_.trace()->run(fd_.level(), exit, rip);
  }
  kick_.answered(entry, std::holds_alternative<exits::Interrupted>(exit));
  return exit;
}

void Vcpu::prepare_run_page() {
  if (!sync_) return;
  // KVM adds the interrupt that it is delivering, and takes none out.
  std::memset(run_->s.regs.sregs.interrupt_bitmap, 0, sizeof run_->s.regs.sregs.interrupt_bitmap);
  run_->kvm_valid_regs = all_synced;
  run_->kvm_dirty_regs = 0;
  if (!general_dirty_) return;
  std::memcpy(&run_->s.regs.regs, &general_.copy, sizeof general_.copy);
  run_->kvm_dirty_regs = KVM_SYNC_X86_REGS;
}

void Vcpu::collect_run_page() {
  // KVM may leave without having looked at the registers it was given.
  const bool refused = general_dirty_ && (run_->kvm_dirty_regs & KVM_SYNC_X86_REGS);
  if (refused) flush_general();
  general_dirty_ = false;
  general_.newest = refused ? Newest::Copy : sync_ ? Newest::RunPage : Newest::Kvm;
  system_.newest = events_.newest = sync_ ? Newest::RunPage : Newest::Kvm;
  has_run_ = true;
}

// KVM leaves a write that it reports to userspace, and raises #GP afterwards if that does not take it.
void Vcpu::do_reported_write() {
  run_->msr.error = set_msr(run_->msr.index, run_->msr.data) ? 0 : 1;
  system_.newest = Newest::Kvm;
}

// KVM remembers where a step began when it is told to step, so the registers have to be there first; and a step that
// went into an exception handler leaves it unarmed, so every step is announced anew.
void Vcpu::send_guest_debug() {
  if (debug_ == sent_debug_ && !debug_.single_step) return;
  const bool own_trap_flag = covers_trap_flag();
  flush_general();
  kvm_guest_debug request{};
  if (debug_.single_step) request.control |= KVM_GUESTDBG_SINGLESTEP;
  if (debug_.trap_int3) request.control |= KVM_GUESTDBG_USE_SW_BP;
  if (debug_.use_debug_registers) {
    request.control |= KVM_GUESTDBG_USE_HW_BP;
    for (unsigned i = 0; i < 4; ++i) request.arch.debugreg[i] = debug_.address[i];
    request.arch.debugreg[7] = debug_.dr7;
  }
  if (request.control) request.control |= KVM_GUESTDBG_ENABLE;
  GDBVM_KVM_MUST(fd_, KVM_SET_GUEST_DEBUG, request);
  if (own_trap_flag && !debug_.single_step) restore_trap_flag();
  sent_debug_ = debug_;
}

}  // namespace gdbvm::kvm
