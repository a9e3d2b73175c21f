// A vCPU that plays a script of exits and keeps all register banks in plain members: run control without KVM.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "vmm/hypervisor/vcpu.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {

class FakeVcpu final : public BareVcpu {
 public:
  // One run(): changes the CPU as the guest would have, and returns the exit.
  using Act = std::function<Exit(FakeVcpu&)>;

  explicit FakeVcpu(VcpuIndex index = {0}) : index_(index) {}

  // ---- the script; may be called from any thread ----
  void then(Act act) {
    const std::lock_guard lock(mutex_);
    script_.push_back(std::move(act));
    changed_.notify_all();
  }
  void then(Exit exit) {
    then([exit](FakeVcpu&) { return exit; });
  }
  // The guest runs on to `rip` and exits there.
  void then(std::uint64_t rip, Exit exit) {
    then([rip, exit](FakeVcpu& cpu) {
      cpu.general_registers.rip = rip;
      return exit;
    });
  }
  bool script_is_done() {
    const std::lock_guard lock(mutex_);
    return script_.empty();
  }

  void wait_for_kicks(unsigned count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return kicks_ >= count; });
  }

  // Until it waits() instead of running.
  void wait_until_it_waits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_; });
  }

  // ---- BareVcpu ----
  void inject_interrupt(std::uint8_t vector) override {
    interrupts.push_back(vector);
    event_bank.interrupt.injected = 1;
    event_bank.interrupt.nr = vector;
  }
  void request_interrupt_window(bool on) override { window = on; }
  std::uint8_t task_priority() override { return static_cast<std::uint8_t>(system_registers.cr8); }
  void set_task_priority(std::uint8_t cr8) override { system_registers.cr8 = cr8; }
  void set_alarm(std::optional<HostTime> at) override { alarm = at; }
  Wake wait(std::optional<HostTime> until) override {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    waited_until = until;
    changed_.notify_all();
    const auto woken = [this] { return kicked_; };
    until ? (void)changed_.wait_until(lock, *until, woken) : changed_.wait(lock, woken);
    waiting_ = false;
    return std::exchange(kicked_, false) ? Wake::Kicked : Wake::Alarm;
  }

  // ---- Vcpu ----
  VcpuIndex index() const override { return index_; }

  // Plays the next act. Without one the guest is busy: waits for a kick, or for another act. What was injected is
  // delivered first, unless a kick or the guest keeps it off.
  Exit run() override {
    std::unique_lock lock(mutex_);
    debug_at_run.push_back(debug);
    if (!kicked_ && deliver_injected() && handler) {
      lock.unlock();
      return handler(*this);
    }
    changed_.wait(lock, [this] { return kicked_ || !script_.empty(); });
    if (std::exchange(kicked_, false)) return exits::Interrupted{};
    const Act act = std::move(script_.front());
    script_.pop_front();
    lock.unlock();
    return act(*this);
  }
  Exit complete() override {
    ++completions;
    return completion ? completion(*this) : exits::Interrupted{};
  }
  void kick() noexcept override {
    const std::lock_guard lock(mutex_);
    kicked_ = true;
    ++kicks_;
    changed_.notify_all();
  }

  void set_guest_debug(const GuestDebug& request) override {
    debug = request;
    debug_requests.push_back(request);
  }
  void inject_exception(std::uint8_t vector, bool has_error_code, std::uint32_t error_code) override {
    injected.push_back({vector, has_error_code, error_code});
  }
  void inject_nmi() override {
    ++nmis;
    event_bank.nmi.pending = 1;
  }
  void set_back_tsc(std::chrono::nanoseconds by) override { tsc_set_back += by; }
  void tell_it_was_stopped() override { ++told_of_stops; }
  void reset() override {
    const bool boot_cpu = index_.value == 0;
    general_registers = x86::power_on::general();
    system_registers = x86::power_on::system(boot_cpu);
    extended_state = x86::power_on::extended();
    debug_register_bank = x86::power_on::debug_registers();
    event_bank = {};
    xcr0_value = 1;
    ++resets;
  }

  const x86::GeneralRegisters& general() override { return general_registers; }
  void set_general(const x86::GeneralRegisters& r) override { general_registers = r; }
  const x86::SystemRegisters& system() override { return system_registers; }
  [[nodiscard]] bool set_system(const x86::SystemRegisters& r) override { return take(system_registers, r); }
  x86::ExtendedState extended() override { return extended_state; }
  [[nodiscard]] bool set_extended(const x86::ExtendedState& s) override { return take(extended_state, s); }
  x86::DebugRegisters debug_registers() override { return debug_register_bank; }
  [[nodiscard]] bool set_debug_registers(const x86::DebugRegisters& r) override { return take(debug_register_bank, r); }
  x86::VcpuEvents events() override { return event_bank; }
  void set_events(const x86::VcpuEvents& e) override { event_bank = e; }
  std::uint64_t xcr0() override { return xcr0_value; }
  [[nodiscard]] bool set_xcr0(std::uint64_t value) override { return take(xcr0_value, value); }
  std::size_t read_msrs(std::span<const std::uint32_t> indices, std::span<std::uint64_t> values) override {
    ++msr_reads;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const auto it = msrs.find(indices[i]);
      if (it == msrs.end()) return i;
      values[i] = it->second;
    }
    return indices.size();
  }
  std::size_t write_msrs(std::span<const std::uint32_t> indices, std::span<const std::uint64_t> values) override {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (!set_msr(indices[i], values[i])) return i;
    }
    return indices.size();
  }
  const std::vector<std::uint32_t>& state_msrs() override {
    msr_indices_.clear();
    for (const auto& [index, value] : msrs) msr_indices_.push_back(index);
    return msr_indices_;
  }
  std::uint64_t tsc() override { return time_stamp; }
  void set_tsc(std::uint64_t value) override { time_stamp = value; }
  [[nodiscard]] bool set_msr(std::uint32_t index, std::uint64_t value) override {
    const auto it = msrs.find(index);
    return it != msrs.end() && take(it->second, value);
  }

  // ---- its state and the calls it got; for its owner only, as with a real vCPU ----
  struct Injected {
    std::uint8_t vector;
    bool has_error_code;
    std::uint32_t error_code;
  };
  x86::GeneralRegisters general_registers = x86::power_on::general();
  x86::SystemRegisters system_registers = x86::power_on::system(true);
  x86::ExtendedState extended_state = x86::power_on::extended();
  x86::DebugRegisters debug_register_bank = x86::power_on::debug_registers();
  x86::VcpuEvents event_bank;
  std::uint64_t xcr0_value = 1;
  std::map<std::uint32_t, std::uint64_t> msrs;  // the MSRs this CPU has
  unsigned msr_reads = 0;
  std::uint64_t time_stamp = 0;
  bool refuses = false;  // every setter that can fail does

  GuestDebug debug;                        // in force
  std::vector<GuestDebug> debug_requests;  // each set_guest_debug()
  std::vector<GuestDebug> debug_at_run;    // what was in force at each run()
  std::vector<Injected> injected;
  unsigned completions = 0;
  Act completion;                        // what complete() plays; if empty, nothing is pending
  std::vector<std::uint8_t> interrupts;  // each inject_interrupt()
  Act handler;                           // what the guest does when one is delivered; if empty, it goes on
  bool window = false;
  std::optional<HostTime> alarm, waited_until;
  unsigned resets = 0;
  unsigned nmis = 0;
  std::chrono::nanoseconds tsc_set_back{0};
  unsigned told_of_stops = 0;

 private:
  bool deliver_injected() {
    if (!event_bank.nmi.masked) event_bank.nmi.pending = 0;
    return std::exchange(event_bank.interrupt.injected, std::uint8_t{0}) != 0;
  }
  template <class T>
  bool take(T& bank, const T& value) {
    if (!refuses) bank = value;
    return !refuses;
  }

  VcpuIndex index_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Act> script_;
  bool kicked_ = false, waiting_ = false;
  unsigned kicks_ = 0;
  std::vector<std::uint32_t> msr_indices_;
};

}  // namespace gdbvm
