#include "vmm/debug/control/debugged_guest.h"

#include <utility>

namespace gdbvm {

DebuggedGuest::DebuggedGuest(Machine& m, const HostStops& host, ActionRunner runner)
    : machine(m),
      run_action(std::move(runner)),
      planted(m.memory()),
      view(m.memory(), planted),
      armed(m, view, planted, host, stops),
      one_shots(m, planted, host),
      stepper({m, armed, view, planted, exits}, host),
      gate(m.all_vcpus()),
      patrol(m.all_vcpus()),
      slide(m.vm(), m.memory(), m.plan().sliding_kernel) {}

// Instructions get stuck on guarded pages, or in real mode, which code outside long mode may enter without an exit. A
// CPU that stands still and is not stuck waits for something.
Patrol::Looks DebuggedGuest::looks_at(Vcpu& vcpu, bool stands_still) const {
  using enum Patrol::Looks;
  if (armed.guards().any()) return Often;
  if (one_shots.looks()) return stands_still ? Seldom : Often;
  if (armed.awaits_user_traps()) return stands_still ? Seldom : Often;
  const bool long_mode = vcpu.system().efer & x86::efer::lma;
  return long_mode || stands_still ? Never : Seldom;
}

void DebuggedGuest::memory_replaced() {
  armed.memory_replaced();
  one_shots.memory_replaced();
}

void DebuggedGuest::plant_one_shots(Vcpu& vcpu) {
  const KernelSlide& kernel = slide.slide();
  one_shots.plant(vcpu, kernel.linked() ? kernel.bytes() : std::optional<std::uint64_t>(0));
}

}  // namespace gdbvm
