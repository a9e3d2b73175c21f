// Who may run guest code right now: every vCPU at once, or one party alone while all others wait outside.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/vcpu.h"

namespace gdbvm {

// A vCPU thread takes turns: it enters, runs the guest, handles the exit and leaves. Between begin_exclusive() and
// end_exclusive() no other vCPU is in a turn, so guest memory, breakpoints and the registers of all vCPUs belong to the
// one that began it. Exclusive sections are short: one step, one packet.
class GuestGate final {
 public:
  explicit GuestGate(std::vector<Vcpu*> vcpus) : seats_(vcpus.size()), vcpus_(std::move(vcpus)) {}

  // Waits while another is exclusive. false: this vCPU has been asked to park, and may not enter.
  bool enter(VcpuIndex cpu);
  void leave(VcpuIndex cpu);

  // From the debugger's thread.
  void begin_exclusive() { begin(nobody); }
  // From a vCPU's thread, outside its turns.
  void begin_exclusive(VcpuIndex cpu) { begin(static_cast<int>(cpu.value)); }
  void end_exclusive();

  // The next enter() answers false, and a present turn ends soon.
  void ask_to_park(VcpuIndex cpu);
  void allow(VcpuIndex cpu);
  bool asked_to_park(VcpuIndex cpu) const;
  // Somebody waits for this vCPU's turn to end.
  bool wanted(VcpuIndex cpu) const;

 private:
  static constexpr int nobody = -1;  // exclusive, but no vCPU
  struct Seat {
    bool in_turn = false;
    bool park = false;
  };
  void begin(int self);
  bool others_in_turn(int self) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Seat> seats_;
  std::vector<Vcpu*> vcpus_;
  bool exclusive_ = false;
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

}  // namespace gdbvm
