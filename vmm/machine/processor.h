// A vCPU with its local APIC: it halts, waits to be started, and takes its interrupts between two runs of the bare CPU.
#pragma once

#include <memory>

#include "vmm/devices/state.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/machine/interrupt_trace.h"
#include "vmm/machine/interrupts.h"
#include "vmm/machine/moments.h"
#include "vmm/machine/timer_queue.h"

namespace gdbvm {

// What the machine's user sees as a vCPU. run() is that of the bare CPU with three additions: before it, the machine's
// timers that are due expire and what has come for the CPU is delivered; while the CPU is halted or waits to be started
// it waits in run(), for an interrupt or a kick; and it is back in time for the next event, unless interrupts are kept
// off.
//
// GuestDebug::block_interrupts keeps interrupts and NMIs off; a halted CPU is woken by one nevertheless. After run()
// the bare CPU holds none: what it was handed and did not take before it was kicked waits in its controller again.
class Processor final : public Vcpu {
 public:
  // `interrupts`, `timers` and `clock` outlive it.
  Processor(std::unique_ptr<BareVcpu> cpu, Interrupts& interrupts, TimerQueue& timers, const Clock& clock);

  // Runnable: executes instructions. Of the others the name says what run() waits for.
  x86::RunState run_state() const { return state_; }
  void set_run_state(x86::RunState state) { state_ = state; }
  // It has executed a hlt, by the debugger's hand.
  void halt();
  // Its local APIC, as its guest would read it.
  x86::LocalApicRegisters local_apic();
  // Called after each interrupt or NMI that the CPU has taken, on its thread. Set before its first run.
  void set_trace(InterruptTrace trace) { trace_ = std::move(trace); }
  // Told of this CPU from now on; nullptr: nobody. It does not run.
  void set_moments(Moments* moments) { moments_ = moments; }
  // An access that the last exit left has to be completed before its state can be saved.
  bool unfinished() const { return unfinished_; }
  // Waits while it is halted or waits to be started, for an interrupt or a start. false: kicked meanwhile.
  [[nodiscard]] bool wait_until_runnable();
  // The interrupt (or NMI, vector 2) that has come and need not wait is handed to the CPU: the next run() delivers it
  // before the first instruction, even if it holds interrupts off. nullopt: there is none.
  std::optional<std::uint8_t> hand_over();
  // true: the access was one to the local APIC, and has been answered.
  bool answer(const exits::Mmio& mmio);
  // It will not run for a while, and does not see to the machine's timers. true: another CPU should.
  bool rest() { return timers_.leave(index()); }
  // All state back to power-on, but for the local APIC's, see Interrupts::reset(); all but CPU 0 wait to be started.
  void reset() override;

  // All but the local APIC, which the interrupt controllers save, and but what the debugger asks for. An access that
  // KVM has not finished is not part of it (StateError).
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  VcpuIndex index() const override { return cpu_->index(); }
  Exit run() override;
  Exit complete() override;
  void kick() noexcept override { cpu_->kick(); }
  void set_guest_debug(const GuestDebug& debug) override;
  void inject_exception(std::uint8_t vector, bool has_error_code, std::uint32_t error_code) override {
    cpu_->inject_exception(vector, has_error_code, error_code);
  }
  void inject_nmi() override { interrupts_.send_nmi(index()); }
  void set_back_tsc(std::chrono::nanoseconds by) override { cpu_->set_back_tsc(by); }
  void tell_it_was_stopped() override { cpu_->tell_it_was_stopped(); }

  const x86::GeneralRegisters& general() override { return cpu_->general(); }
  void set_general(const x86::GeneralRegisters& registers) override { cpu_->set_general(registers); }
  const x86::SystemRegisters& system() override { return cpu_->system(); }
  bool set_system(const x86::SystemRegisters& registers) override { return cpu_->set_system(registers); }
  x86::ExtendedState extended() override { return cpu_->extended(); }
  bool set_extended(const x86::ExtendedState& state) override { return cpu_->set_extended(state); }
  x86::DebugRegisters debug_registers() override { return cpu_->debug_registers(); }
  bool set_debug_registers(const x86::DebugRegisters& registers) override {
    return cpu_->set_debug_registers(registers);
  }
  x86::VcpuEvents events() override { return cpu_->events(); }
  void set_events(const x86::VcpuEvents& events) override { cpu_->set_events(events); }
  std::uint64_t xcr0() override { return cpu_->xcr0(); }
  bool set_xcr0(std::uint64_t value) override { return cpu_->set_xcr0(value); }
  std::size_t read_msrs(std::span<const std::uint32_t> indices, std::span<std::uint64_t> values) override {
    return cpu_->read_msrs(indices, values);
  }
  std::size_t write_msrs(std::span<const std::uint32_t> indices, std::span<const std::uint64_t> values) override {
    return cpu_->write_msrs(indices, values);
  }
  bool set_msr(std::uint32_t index, std::uint64_t value) override { return cpu_->set_msr(index, value); }
  std::vector<x86::CpuidEntry> cpuid() override { return cpu_->cpuid(); }

 private:
  Interrupts::Apic apic();
  void follow_apic_base();
  void follow_task_priority();
  void take_signals();
  void init();
  void start(std::uint8_t page);
  void look_around();
  bool woken();
  void hand_over_nmi();
  void hand_over_interrupt();
  void note_for_trace();
  BareVcpu::Wake wait();
  std::optional<Exit> settle_for_news();
  std::optional<Exit> deliver();
  bool may_deliver() { return !moments_ || moments_->delivers(); }
  std::optional<BareVcpu::HostTime> alarm();
  std::optional<BareVcpu::HostTime> next_event();
  Exit left_by(Exit exit);
  void settle_handed_over();
  struct State;
  void put_back(const State& state, const x86::ExtendedState& extended);

  // What the bare CPU has for its next run.
  struct HandedOver {
    std::optional<std::uint8_t> interrupt;
    bool nmi = false;
    std::uint64_t rip = 0;  // this and the time only for the trace
    Clock::Time time{};
  };
  void trace_taken(const HandedOver& handed, const x86::VcpuEvents& left) const;

  const std::unique_ptr<BareVcpu> cpu_;
  Interrupts& interrupts_;
  TimerQueue& timers_;
  const Clock& clock_;
  x86::RunState state_;
  GuestDebug debug_;
  InterruptTrace trace_;
  Moments* moments_ = nullptr;
  bool nmi_ = false;  // has come, and has not been handed to the CPU
  HandedOver handed_over_;
  bool unfinished_ = false;  // the last exit left an access that KVM has to complete
};

}  // namespace gdbvm
