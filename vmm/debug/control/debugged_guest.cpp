#include "vmm/debug/control/debugged_guest.h"

#include <utility>

namespace gdbvm {

DebuggedGuest::DebuggedGuest(Machine& m, const HostStops& host, ActionRunner runner)
    : machine(m),
      run_action(std::move(runner)),
      planted(m.memory()),
      view(m.memory(), planted),
      armed(m, view, planted, host, stops),
      stepper({m, armed, view, planted, exits}, host),
      gate(m.all_vcpus()),
      patrol(m.all_vcpus()),
      slide(m.vm(), m.memory(), m.plan().sliding_kernel) {}

}  // namespace gdbvm
