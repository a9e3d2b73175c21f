// What an exit means to the debugger: pure judgement over the exit, the CPU's state and what is armed.
#pragma once

#include <string>
#include <variant>

#include "gdbstub/types.h"
#include "vmm/debug/stops/armed_stops.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

namespace cause {
struct Breakpoint {  // the instruction at `address` has one of ours, whichever mechanism told
  Gva address;
};
struct Watch {  // a debug register saw an access
  const StopTable::Watchpoint* watchpoint;
};
struct UserTrap {  // a debug register of ours, at the guest's handler that gets the int3s of CPL 3: of ours or not
  UserTrapHandler handler;
};
struct OneShot {};    // one of our bytes that stand there once
struct Foreign {};    // one of our bytes, reached through an address nobody asked for: step over it
struct GuestInt3 {};  // the guest's own int3
struct GuestTrap {    // the guest's own #DB
  std::uint64_t dr6;
};
struct Leftover {};  // the trap of an earlier step of ours
struct Step {};      // a single step ended
struct Failure {     // the guest cannot go on, or KVM cannot
  gdbstub::Signal signal;
  std::string sentence;
};
}  // namespace cause
using StopCause = std::variant<cause::Breakpoint, cause::Watch, cause::UserTrap, cause::OneShot, cause::Foreign,
                               cause::GuestInt3, cause::GuestTrap, cause::Leftover, cause::Step, cause::Failure>;

// How the CPU was run into the exit.
enum class Ran {
  Freely,
  AfterStep,  // freely, where a step before it may have left a trap (HostStops::step_traps_once)
  OneStep,
};
// Judges the exits that the machine left unhandled.
StopCause judge(const Exit& exit, Vcpu& vcpu, const ArmedStops& armed, const GuestView& view,
                const SoftwareBreakpoints& planted, Ran ran);

// One line for an instruction that KVM does not carry out, though it reports no failure.
std::string describe_stuck(Vcpu& vcpu, const GuestView& view);
// One line for a failed exit: what happened and at which instruction.
std::string describe_failure(const Exit& exit, Vcpu& vcpu, const GuestView& view);

}  // namespace gdbvm
