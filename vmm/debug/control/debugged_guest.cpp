#include "vmm/debug/control/debugged_guest.h"

#include <utility>

namespace gdbvm {

namespace {
std::vector<Vcpu*> vcpus_of(Machine& machine) {
  std::vector<Vcpu*> vcpus;
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) vcpus.push_back(&machine.vcpu({i}));
  return vcpus;
}
}  // namespace

DebuggedGuest::DebuggedGuest(Machine& m, const HostStops& host, ActionRunner runner)
    : machine(m),
      run_action(std::move(runner)),
      planted(m.memory()),
      view(m.memory(), planted),
      armed(m, view, planted, host, stops),
      stepper({m, armed, view, planted, exits}, host),
      gate(vcpus_of(m)),
      patrol(vcpus_of(m)),
      slide(m.vm(), m.memory(), m.plan().sliding_kernel) {}

}  // namespace gdbvm
