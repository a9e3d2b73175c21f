// Who may run guest code right now: every vCPU at once, or one party alone while all others wait outside.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "vmm/hypervisor/vcpu.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// A vCPU thread takes turns: it enters, runs the guest, handles the exit and leaves. Between begin_exclusive() and
// end_exclusive() no other vCPU is in a turn, so guest memory, breakpoints and the registers of all vCPUs belong to the
// one that began it. Exclusive sections are short: one step, one packet.
//
// It is fair: the debugger's thread goes before vCPUs, vCPUs have their sections in the order they asked, and when the
// sections of vCPUs follow each other closely for longer than a slice, the others get a slice of guest time before the
// next one. So a CPU that is stepped towards a lock reaches it though another one holds it.
//
// A section that does not end may wait in the guest for what only the others can bring: its vCPU is kicked now and
// then.
class GuestGate final {
 public:
  static constexpr std::chrono::microseconds slice{1000}, patience{10000};

  explicit GuestGate(std::vector<Vcpu*> vcpus, std::chrono::microseconds head_start = std::chrono::microseconds(1000))
      : head_start_(head_start), seats_(vcpus.size()), vcpus_(std::move(vcpus)) {}

  // Waits while another is exclusive. false: this vCPU has been asked to park, and may not enter.
  bool enter(VcpuIndex cpu);
  void leave(VcpuIndex cpu);

  // From the debugger's thread.
  void begin_exclusive();
  // From a vCPU's thread, outside its turns.
  void begin_exclusive(VcpuIndex cpu);
  void end_exclusive();

  // From the debugger's thread: until the end no vCPU's exclusive section begins, so that those which are parked stay
  // as they are. Turns go on.
  void begin_inspection();
  void end_inspection();

  // For long work in pieces, from the debugger's thread, in an exclusive section: until end_hold() no vCPU has a turn
  // or a section, unless it has been asked to park, which may take one. The debugger's own sections go on. Holds nest.
  void begin_hold();
  void end_hold();

  // The next enter() answers false, and a present turn ends soon.
  void ask_to_park(VcpuIndex cpu);
  void allow(VcpuIndex cpu);
  bool asked_to_park(VcpuIndex cpu) const;
  // Until its next turn ends, for a head start at most, the others do not enter. For one that may enter.
  void give_head_start(VcpuIndex cpu);
  // Somebody waits for this vCPU's turn to end.
  bool wanted(VcpuIndex cpu) const;

 private:
  using Clock = std::chrono::steady_clock;
  using Lock = std::unique_lock<std::mutex>;
  static constexpr std::size_t nobody = ~std::size_t{0};  // exclusive, but no vCPU
  struct Seat {
    bool in_turn = false;
    bool waits = false;  // in enter()
    bool park = false;
  };
  template <class F>
  void wait_for_end(Lock& lock, F&& met);
  void wait_before_vcpus(Lock& lock);
  void give_others_a_slice(Lock& lock, VcpuIndex cpu);
  void close(Lock& lock, std::size_t self);
  void await_head_start(Lock& lock, VcpuIndex cpu);
  void end_head_start(VcpuIndex cpu);
  template <class F>
  bool any_other(std::size_t self, F&& holds) const;
  bool lets_in(const Seat& seat) const { return !exclusive_ && !debugger_waits_ && (holds_ == 0 || seat.park); }

  const std::chrono::microseconds head_start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Seat> seats_;
  std::vector<Vcpu*> vcpus_;
  std::deque<std::size_t> queue_;  // the vCPUs that wait for a section
  bool exclusive_ = false;
  std::size_t owner_ = nobody;  // of the exclusive section
  std::size_t ahead_ = nobody;  // whose head start it is
  Clock::time_point ahead_until_{};
  bool inspected_ = false;
  unsigned holds_ = 0;
  bool debugger_waits_ = false;
  Clock::time_point opened_at_{};      // the last exclusive section's end
  Clock::time_point crowded_since_{};  // from then on they have followed each other closely
};

// An exclusive section as a scope.
class ExclusiveSection final {
 public:
  explicit ExclusiveSection(GuestGate& gate) : gate_(gate) { gate_.begin_exclusive(); }
  ExclusiveSection(GuestGate& gate, VcpuIndex cpu) : gate_(gate) { gate_.begin_exclusive(cpu); }
  ~ExclusiveSection() { gate_.end_exclusive(); }
  ExclusiveSection(const ExclusiveSection&) = delete;
  ExclusiveSection& operator=(const ExclusiveSection&) = delete;

 private:
  GuestGate& gate_;
};

// An inspection as a scope.
class Inspection final {
 public:
  explicit Inspection(GuestGate& gate) : gate_(gate) { gate_.begin_inspection(); }
  ~Inspection() { gate_.end_inspection(); }
  Inspection(const Inspection&) = delete;
  Inspection& operator=(const Inspection&) = delete;

 private:
  GuestGate& gate_;
};

// A hold as a scope.
class GuestHold final {
 public:
  explicit GuestHold(GuestGate& gate) : gate_(gate) {
    const ExclusiveSection section(gate_);
    gate_.begin_hold();
  }
  ~GuestHold() { gate_.end_hold(); }
  GuestHold(const GuestHold&) = delete;
  GuestHold& operator=(const GuestHold&) = delete;

 private:
  GuestGate& gate_;
};

}  // namespace gdbvm
