// One vCPU on its own host thread: a state machine that takes turns in the guest until the vCPU stops.
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "vmm/debug/control/hit_judge.h"
#include "vmm/debug/control/pending_access.h"
#include "vmm/debug/control/stand_still.h"
#include "vmm/debug/control/step_series.h"
#include "vmm/debug/control/user_int3.h"
#include "vmm/debug/control/watched_pages.h"

namespace gdbvm {

//               resumed                the gate opens
//   +--------+ --------> +----------+ ---------------> +--------+
//   | Parked |           | Entering | <--------------- | InTurn |
//   +--------+           +----------+    runs on       +--------+
//     ^    | the end        |   ^                        |    | must be alone, or
//     |    v                |   | runs on                |    | reset the machine
//     |  +-------+   asked  |   +---------+              |    v
//     |  | Ended |   to     |             |              | +--------------------+
//     |  +-------+   park   |        +---------+  stops  | | Alone or Resetting |
//     |                     v        |         |         | +--------------------+
//   +----------+ <----------+--------+--- stops, or asked to park ---+
//   | Settling |
//   +----------+
//
// While it is Parked the vCPU belongs to the debugger's thread, in every other state to its own. InTurn shares the
// guest with other vCPUs' turns; in Alone, Resetting and Settling no other vCPU is in a turn.
enum class VcpuState {
  Parked,     // waits to be resumed
  Entering,   // waits at the gate
  InTurn,     // in the guest, or handling the exit it left by
  Alone,      // one instruction, or bringing the breakpoints up to date
  Resetting,  // the guest asked for a reset; then as Alone
  Settling,   // KVM completes a pending access, so that a parked vCPU shows the state after its last instruction
  Ended,      // the thread is over
};

class VcpuThread final {
 public:
  // Work that the vCPU's thread does in a turn, in place of running on; nullopt: it is broken off, as it has been asked
  // to park.
  using Errand = std::function<StopOrGo()>;

  // What concerns all vCPUs. Called on the vCPU's thread.
  class Owner {
   public:
    // Blocks while the vCPU is parked. false: the thread ends.
    virtual bool wait_until_resumed(VcpuIndex cpu) = 0;
    // The vCPU has a reason to stop: it will park, and in all-stop mode so will all others.
    virtual void stops(VcpuIndex cpu, VcpuStop stop) = 0;
    // From here on it belongs to the debugger's thread.
    virtual void parked(VcpuIndex cpu) = 0;
    // In an exclusive section.
    virtual void reset_machine() = 0;

   protected:
    ~Owner() = default;
  };

  VcpuThread(Processor& vcpu, DebuggedGuest& guest, Owner& owner);
  VcpuThread(const VcpuThread&) = delete;
  VcpuThread& operator=(const VcpuThread&) = delete;

  // ---- the debugger's side, while it is Parked or all are held
  Processor& vcpu() { return vcpu_; }
  void plan(const gdbstub::ThreadAction& action);
  void send(Errand errand) { errand_ = std::move(errand); }
  // Resumes since the vCPU last left the guest for a reason of its own: others' stops may have kept it from running.
  unsigned starved() const { return starved_; }
  void fed() { starved_ = 0; }
  void libraries_moved() { plan_.libraries_told = false; }
  void machine_was_reset();

  // ---- the thread
  void launch();
  void join();
  // Whose thread this is; nullopt: not one of a vCPU.
  static std::optional<VcpuIndex> current();
  // What the thread does: one state after the other, until Ended.
  VcpuState step(VcpuState state);

  // ---- an errand's side: the machine, which has no other CPU, runs again what it has done
  // Whoever wants the guest has it for a moment. false: the errand is over, and may only put the machine somewhere.
  bool lets_others_in();
  // replace() puts the machine elsewhere.
  void put_elsewhere(const std::function<void()>& replace);
  // The next turns are to come to this; step_off: the stop at the pc has been told.
  void plan_again(gdbstub::ResumeKind kind, bool step_off);
  // One turn, by the plan: what it would stop for is the errand's. A reset is an end.
  StopOrGo turn_again();
  void settle() { access_.settle(); }
  const Clock& clock() const { return guest_.machine.clock(); }
  // What stops there before the instruction at the pc.
  StopOrGo stop_here();
  std::optional<WatchedPages> watched_pages(Waited waited) const;

 private:
  VcpuState run_errand();
  VcpuState turn();
  VcpuState turn_waiting();
  VcpuState turn_alone();
  VcpuState answer(const Exit& exit);
  VcpuState judge_exit(const Exit& exit);
  StepResult step_once(Stepper::Pages pages);
  VcpuState judge_step(const StepResult& result);
  VcpuState finish_guarded(const WatchedAccess& access);
  VcpuState unless(StopOrGo stop, VcpuState otherwise = VcpuState::Entering);
  template <class Work>
  VcpuState unless_host_fails(Work work);
  VcpuState step_first();
  bool guard_in_the_way(const Exit& exit);
  bool by_steps() const;
  bool loses_pushes() const;
  bool open_window();
  bool can_open_window() const;
  bool one_shots_due() const;
  bool stuck(const Exit& exit);
  Exit run_freely();
  Stepper::Interrupts interrupts() const;
  GuestDebug request() const;

  Processor& vcpu_;
  DebuggedGuest& guest_;
  Owner& owner_;
  ResumePlan plan_;
  PendingAccess access_;
  HitJudge judge_;
  bool trap_due_ = false;  // what a step may have left: it comes before the next instruction
  StandStill still_;
  unsigned starved_ = 0;
  StepSeries series_;
  bool interrupts_due_ = false;  // they are let in before the next step
  UserInt3 user_int3_;
  Errand errand_;
  std::optional<StopOrGo> told_;                   // a turn of an errand is under way, and has come to that
  std::optional<ExclusiveSection> end_of_errand_;  // when its turn is over
  std::thread thread_;
};

}  // namespace gdbvm
