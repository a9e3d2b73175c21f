// Whether a vCPU that has come to a breakpoint, a watchpoint or another cause stops there or runs on.
#pragma once

#include <optional>
#include <string>

#include "vmm/debug/control/debugged_guest.h"
#include "vmm/debug/control/resume_plan.h"

namespace gdbvm {

struct VcpuStop {
  gdbstub::StopReason reason;
  std::string message;
  std::optional<Exit> failure = {};  // the exit that the guest cannot go on from
};
// nullopt: it runs on. Whether by a step first, the ResumePlan says.
using StopOrGo = std::optional<VcpuStop>;

// Judges for one vCPU, on its thread. An action whose condition is false ends here: nobody else learns of the hit.
class HitJudge final {
 public:
  HitJudge(Vcpu& vcpu, DebuggedGuest& guest, ResumePlan& plan) : vcpu_(vcpu), guest_(guest), plan_(plan) {}

  // After a turn that ended in an exit for the debugger. The guest's own exceptions are handed on to it.
  StopOrGo after_exit(const StopCause& found, const Exit& exit);
  // A step is about to execute the instruction at the pc, which a probe may have to be told of.
  void before_step();
  // After a single step.
  StopOrGo after_step();
  StopOrGo at_breakpoint(Gva address);
  // An int3 of ours at CPL 3, that the guest has not got after all.
  StopOrGo at_user_int3(Gva address);
  StopOrGo at_watchpoint(const StopTable::Watchpoint& watchpoint);
  // A kernel that moves may be where it runs by now.
  StopOrGo if_kernel_moved();

 private:
  StopOrGo at_exception(std::uint8_t vector);
  std::optional<Gva> take_back_user_int3(const UserTrapHandler& handler);
  bool pass(Gva address);
  StopOrGo close_window();
  void hand_on(const StopCause& found, const Exit& exit);
  void trace(const StopTable::Breakpoint& breakpoint, Gva address);
  void trace_steps();
  bool emulated();

  Vcpu& vcpu_;
  DebuggedGuest& guest_;
  ResumePlan& plan_;
};

}  // namespace gdbvm
