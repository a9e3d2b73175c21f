// Who may run guest code right now: all vCPUs at once, or a single thread while all others wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "vmm/hypervisor/vcpu.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// A vCPU's thread takes turns: it enters, runs the guest, handles the exit and leaves. An exclusive section, from
// begin_exclusive() to end_exclusive(), begins once every other vCPU's turn has ended, and lets nobody else enter.
// Guest memory, breakpoints and the registers of all vCPUs belong to the thread that began it. Sections are short: one
// step, one packet.
//
// The debugger's thread goes before the vCPUs, which get their sections in the order in which they asked. When sections
// of vCPUs have followed each other closely for longer than a slice, the next one is put off for a slice, in which the
// other vCPUs run. Otherwise a vCPU that is being stepped could spin for ever on a lock that another one holds.
//
// A section does not end while its vCPU waits in the guest for something that only another vCPU can do. So whoever
// waits for a section to end kicks its vCPU every kick_interval.
class GuestGate final {
 public:
  static constexpr std::chrono::microseconds slice{1000}, kick_interval{10000};

  // `head_start`: how long give_head_start() keeps the others out at most.
  explicit GuestGate(std::vector<Vcpu*> vcpus, std::chrono::microseconds head_start = std::chrono::microseconds(1000))
      : head_start_(head_start), seats_(vcpus.size()), vcpus_(std::move(vcpus)) {}

  // Begins a turn, after any exclusive section. false: the vCPU has been asked to park, and its turn has not begun.
  bool enter(VcpuIndex cpu);
  // Ends the turn.
  void leave(VcpuIndex cpu);

  // From the debugger's thread.
  void begin_exclusive();
  // From a vCPU's thread, outside its turns.
  void begin_exclusive(VcpuIndex cpu);
  void end_exclusive();

  // From the debugger's thread: until the inspection ends, no vCPU begins an exclusive section, so a parked vCPU's
  // state does not change. Turns go on.
  void begin_inspection();
  void end_inspection();

  // For long work in pieces. From the debugger's thread, in an exclusive section: until end_hold() no vCPU begins a
  // turn or a section, except that one which has been asked to park may have a section. The debugger's own sections go
  // on. Holds nest.
  void begin_hold();
  void end_hold();

  // Kicks the vCPU out of the guest; enter() returns false until allow().
  void ask_to_park(VcpuIndex cpu);
  void allow(VcpuIndex cpu);
  bool asked_to_park(VcpuIndex cpu) const;
  // Keeps the other vCPUs out until this one's next turn has ended or the head start is over. Not for a vCPU that has
  // been asked to park.
  void give_head_start(VcpuIndex cpu);
  // The vCPU should end its turn: it has been asked to park, or an exclusive section is waiting to begin.
  bool turn_should_end(VcpuIndex cpu) const;

 private:
  using Clock = std::chrono::steady_clock;
  using Lock = std::unique_lock<std::mutex>;
  static constexpr std::size_t no_vcpu = ~std::size_t{0};
  struct Seat {
    bool in_turn = false;
    bool entering = false;  // waits in enter()
    bool asked_to_park = false;
  };
  // Waits for the condition, and kicks the vCPU whose section keeps it from being met.
  template <class F>
  void wait_until(Lock& lock, F&& condition);
  // Of the queue; no_vcpu: none of them.
  std::size_t first_that_may_begin() const;
  void wait_ahead_of_vcpus(Lock& lock);
  void give_others_a_slice(Lock& lock, VcpuIndex cpu);
  void shut_others_out(Lock& lock, std::size_t self);
  void wait_for_head_start_of_another(Lock& lock, VcpuIndex cpu);
  void end_head_start(VcpuIndex cpu);
  template <class F>
  bool any_other(std::size_t self, F&& holds) const;
  // Nothing keeps the vCPU from a turn or a section.
  bool lets_in(const Seat& seat) const {
    return !exclusive_ && !debugger_waits_ && (holds_ == 0 || seat.asked_to_park);
  }

  const std::chrono::microseconds head_start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Seat> seats_;
  std::vector<Vcpu*> vcpus_;
  std::deque<std::size_t> queue_;  // the vCPUs that wait for an exclusive section
  bool exclusive_ = false;         // a section has begun, or waits for the others' turns to end
  std::size_t owner_ = no_vcpu;    // whose section it is; no_vcpu: the debugger's
  unsigned holds_ = 0;             // begun and not ended
  bool debugger_waits_ = false;
  bool inspecting_ = false;
  std::size_t head_start_of_ = no_vcpu;
  Clock::time_point head_start_ends_{};
  Clock::time_point last_section_end_{};
  Clock::time_point close_since_{};  // sections have followed each other closely since then
};

// Holds an exclusive section for a scope.
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

// Holds an inspection for a scope.
class Inspection final {
 public:
  explicit Inspection(GuestGate& gate) : gate_(gate) { gate_.begin_inspection(); }
  ~Inspection() { gate_.end_inspection(); }
  Inspection(const Inspection&) = delete;
  Inspection& operator=(const Inspection&) = delete;

 private:
  GuestGate& gate_;
};

// Keeps a hold for a scope.
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
