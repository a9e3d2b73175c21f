// What a single step came to.
#pragma once

#include <optional>
#include <variant>

#include "vmm/debug/stops/stop_cause.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

namespace step {
struct Done {  // the next instruction is the one after it, or the first one of its handler
  const StopTable::Watchpoint* hit = nullptr;
};
struct Interrupted {};  // kicked before anything was executed
// hlt is done and the CPU waits for an interrupt: run it until it comes to `next`. nullopt: no debug register of this
// host can stop it there; a step from where it waits executes that instruction as well.
struct Blocked {
  std::optional<Gva> next;
};
struct Ended {  // the guest asked for exit or reset
  Outcome outcome;
};
struct Failed {
  cause::Failure failure;
  std::optional<Exit> exit = {};  // that KVM left by, if it is to blame
};
}  // namespace step
using StepResult = std::variant<step::Done, step::Interrupted, step::Blocked, step::Ended, step::Failed>;

}  // namespace gdbvm
