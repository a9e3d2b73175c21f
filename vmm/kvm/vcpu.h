// The vCPU level of the KVM API: one virtual CPU and its kvm_run page.
#pragma once

#include <memory>

#include "vmm/host/fd.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/kvm/ioctl.h"
#include "vmm/kvm/kick.h"

struct kvm_run;

namespace gdbvm::kvm {

class Vm;

// Registers come and go through kvm_run where KVM offers it (KVM_CAP_SYNC_REGS), so that a stop costs no ioctl; until
// the first run, and where it is not offered, through KVM_GET/SET_REGS and _SREGS.
class Vcpu final : public BareVcpu {
 public:
  // KVM_CREATE_VCPU, the mapping of kvm_run, KVM_SET_CPUID2.
  Vcpu(Vm& vm, VcpuIndex index);
  ~Vcpu() override;

  VcpuIndex index() const override { return index_; }
  Exit run() override;
  Exit complete() override;
  // Async-signal-safe. The kick signal must not be blocked in a thread that calls run().
  void kick() noexcept override { kick_.kick(); }
  void set_guest_debug(const GuestDebug& debug) override { debug_ = debug; }
  void inject_exception(std::uint8_t vector, bool has_error_code, std::uint32_t error_code) override;
  void inject_nmi() override;
  void set_back_tsc(std::chrono::nanoseconds by) override;
  void tell_it_was_stopped() override;
  void reset() override;

  const x86::GeneralRegisters& general() override;
  void set_general(const x86::GeneralRegisters& registers) override;
  const x86::SystemRegisters& system() override;
  bool set_system(const x86::SystemRegisters& registers) override;
  x86::ExtendedState extended() override;
  bool set_extended(const x86::ExtendedState& state) override;
  x86::DebugRegisters debug_registers() override;
  bool set_debug_registers(const x86::DebugRegisters& registers) override;
  x86::VcpuEvents events() override;
  void set_events(const x86::VcpuEvents& events) override;
  std::uint64_t xcr0() override;
  bool set_xcr0(std::uint64_t value) override;
  std::size_t read_msrs(std::span<const std::uint32_t> indices, std::span<std::uint64_t> values) override;
  bool set_msr(std::uint32_t index, std::uint64_t value) override;
  std::size_t write_msrs(std::span<const std::uint32_t> indices, std::span<const std::uint64_t> values) override;
  std::vector<x86::CpuidEntry> cpuid() override { return cpuid_; }

  void inject_interrupt(std::uint8_t vector) override;
  void request_interrupt_window(bool on) override;
  std::uint8_t task_priority() override;
  void set_task_priority(std::uint8_t cr8) override;
  // Those of KVM_GET_MSR_INDEX_LIST that can be read, and written with what was read.
  const std::vector<std::uint32_t>& state_msrs() override;
  std::uint64_t tsc() override;
  void set_tsc(std::uint64_t value) override;
  void set_alarm(std::optional<HostTime> at) override { kick_.set_alarm(at); }
  Wake wait(std::optional<HostTime> until) override { return kick_.wait(until) ? Wake::Kicked : Wake::Alarm; }

 private:
  using Entry = Kick::Entry;
  // A register bank, and where its newest value is.
  enum class Newest { Kvm, RunPage, Copy };
  template <class T>
  struct Bank {
    T copy;
    Newest newest = Newest::Kvm;
  };

  Exit enter(Entry entry);
  void prepare_run_page();
  void collect_run_page();
  void do_reported_write();
  void send_guest_debug();
  void flush_general();
  // KVM does not tell the guest's TF from that of a step: while it steps, it shows none, and takes it along at the end.
  bool covers_trap_flag() const;
  void restore_trap_flag();
  void set_cpuid();
  // Adds to the counter's offset to the host's. false: KVM has none, or does not keep to it.
  bool move_tsc(std::uint64_t by);

  Vm& vm_;
  VcpuIndex index_;
  KvmFd fd_;
  SharedMapping mapping_;
  kvm_run* run_;
  bool sync_;  // KVM_CAP_SYNC_REGS has all three banks
  bool has_run_ = false;

  Bank<x86::GeneralRegisters> general_;
  Bank<x86::SystemRegisters> system_;
  Bank<x86::VcpuEvents> events_;
  bool general_dirty_ = false;     // general_.copy waits for the next KVM_RUN
  GuestDebug debug_, sent_debug_;  // as asked for, and as KVM has it
  std::vector<x86::CpuidEntry> cpuid_;
  std::optional<std::vector<std::uint32_t>> state_msrs_;  // once they have been asked for
  bool tsc_moves_ = true;                                 // as far as is known
  Kick kick_;
};

}  // namespace gdbvm::kvm
