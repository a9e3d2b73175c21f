// One virtual CPU as the machine and the debugger see it: the seam between KVM and everything above, and for a fake.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vmm/hypervisor/exit.h"
#include "vmm/hypervisor/guest_debug.h"
#include "vmm/memory/address.h"
#include "vmm/x86/cpu_state.h"
#include "vmm/x86/cpuid.h"

namespace gdbvm {

// A Vcpu has one owner at a time, the only one to call it: its own thread while it runs, the debugger's thread while it
// is parked. kick() alone may be called from anywhere. Registers read are those of the last exit; registers written
// take effect at the next run(). A bool setter returns false when the CPU does not take the value (KVM validates it);
// then nothing has changed. All else that fails throws std::system_error naming the ioctl: a broken invariant.
class Vcpu {
 public:
  virtual ~Vcpu() = default;
  virtual VcpuIndex index() const = 0;

  // KVM_RUN, once. Also completes the I/O or MMIO instruction that the last exit left pending.
  virtual Exit run() = 0;
  // Lets KVM finish a pending I/O or MMIO instruction (its data are in place) without executing anything further, so
  // that the registers are those after the instruction. Returns what came of it: nearly always exits::Interrupted, but
  // an instruction with several parts may ask for its next one (Io, Mmio), and a single step may end by it (Debug).
  virtual Exit complete() = 0;
  // Makes a run() return exits::Interrupted: the present one or, when that one ends for another reason, the next. A
  // kick is never lost, so a run() may also be interrupted by one whose cause is long gone: look at the cause, go on.
  virtual void kick() noexcept = 0;

  // In force from the next run() on; sent to KVM there, and again before every single step.
  virtual void set_guest_debug(const GuestDebug& debug) = 0;
  // Queues an exception for delivery at the next run(), as if the guest's instruction had raised it.
  virtual void inject_exception(std::uint8_t vector, bool has_error_code, std::uint32_t error_code) = 0;
  // A non-maskable interrupt: delivered at the next run() that the guest's state lets it in.
  virtual void inject_nmi() = 0;
  // The guest's time-stamp counter loses that time, as far as this host's KVM lets it.
  virtual void set_back_tsc(std::chrono::nanoseconds by) = 0;
  // KVM_KVMCLOCK_CTRL: a guest that reads kvmclock learns that it did not run for a while, and spares its watchdogs.
  virtual void tell_it_was_stopped() = 0;
  // All state back to power-on, MSRs included. The present guest debug request stays.
  virtual void reset() = 0;

  virtual const x86::GeneralRegisters& general() = 0;
  virtual void set_general(const x86::GeneralRegisters& registers) = 0;
  virtual const x86::SystemRegisters& system() = 0;
  [[nodiscard]] virtual bool set_system(const x86::SystemRegisters& registers) = 0;
  virtual x86::ExtendedState extended() = 0;
  [[nodiscard]] virtual bool set_extended(const x86::ExtendedState& state) = 0;
  virtual x86::DebugRegisters debug_registers() = 0;  // the guest's own
  [[nodiscard]] virtual bool set_debug_registers(const x86::DebugRegisters& registers) = 0;
  virtual x86::VcpuEvents events() = 0;
  virtual void set_events(const x86::VcpuEvents& events) = 0;
  virtual std::uint64_t xcr0() = 0;
  [[nodiscard]] virtual bool set_xcr0(std::uint64_t value) = 0;
  // Reads MSRs from the first on until one that this CPU lacks; how many.
  virtual std::size_t read_msrs(std::span<const std::uint32_t> indices, std::span<std::uint64_t> values) = 0;
  // nullopt: this CPU has no such MSR.
  std::optional<std::uint64_t> msr(std::uint32_t index) {
    std::uint64_t value = 0;
    return read_msrs({&index, 1}, {&value, 1}) == 1 ? std::optional(value) : std::nullopt;
  }
  // false: this CPU has no such MSR, or does not take the value.
  [[nodiscard]] virtual bool set_msr(std::uint32_t index, std::uint64_t value) = 0;
  // Writes MSRs from the first on until one that this CPU lacks or whose value it does not take; how many.
  virtual std::size_t write_msrs(std::span<const std::uint32_t> indices, std::span<const std::uint64_t> values) = 0;
  // What the guest finds by CPUID.
  virtual std::vector<x86::CpuidEntry> cpuid() { return {}; }
};

// A CPU with nothing around it, as KVM has it without interrupt controllers of its own: it executes, and takes the
// interrupts that it is handed. What gdbvm's own chips stand on.
class BareVcpu : public Vcpu {
 public:
  using HostTime = std::chrono::steady_clock::time_point;

  // KVM_INTERRUPT: it takes this interrupt at the next run(). It must be ready to (see accepts_interrupts()).
  virtual void inject_interrupt(std::uint8_t vector) = 0;
  // While it is on, run() ends with exits::InterruptWindow when the CPU could take an interrupt.
  virtual void request_interrupt_window(bool on) = 0;
  // CR8, the priority below which interrupts wait: as the guest left it at the last exit, or as set since.
  virtual std::uint8_t task_priority() = 0;
  virtual void set_task_priority(std::uint8_t cr8) = 0;
  // The MSRs that belong to its state and to no other bank; without the time-stamp counter.
  virtual const std::vector<std::uint32_t>& state_msrs() = 0;
  // The time-stamp counter goes on from that value, as far as this host's KVM lets it.
  virtual std::uint64_t tsc() = 0;
  virtual void set_tsc(std::uint64_t value) = 0;
  // At that time run() is kicked, or the next one if none is under way. Called by the thread that calls run(). nullopt:
  // never. (A kick too many does no harm: one that was set before may still come.)
  virtual void set_alarm(std::optional<HostTime> at) = 0;
  // In place of run(), while the CPU has nothing to execute: waits for a kick, which it answers, or for that time.
  enum class Wake : std::uint8_t { Kicked, Alarm };
  virtual Wake wait(std::optional<HostTime> until) = 0;
};

// It stands between two instructions with interrupts enabled, and nothing else waits to be delivered.
inline bool accepts_interrupts(Vcpu& vcpu) {
  if (!(vcpu.general().rflags & x86::rflags::interrupt)) return false;
  const x86::VcpuEvents events = vcpu.events();
  return !events.interrupt.shadow && !events.interrupt.injected && !events.exception.injected &&
         !events.exception.pending && !events.nmi.injected;
}

// Where its next instruction is fetched from, after segmentation.
inline Gva pc_of(Vcpu& vcpu) { return {x86::linear_pc(vcpu.system(), vcpu.general().rip)}; }

}  // namespace gdbvm
