// Int3s of ours at CPL 3 where KVM hands them to the guest: found at the guest's handler or, if it has none, by its
// end.
#pragma once

#include <optional>

#include "vmm/debug/stops/armed_stops.h"

namespace gdbvm {

// A guest without a handler for the int3 ends in a triple fault, with the CPU as the int3 left it. A fault of the
// instruction after it looks the same, unless no register has changed since ours was stepped over.
class UserInt3 final {
 public:
  // `alone`: the machine has no other vCPU.
  UserInt3(Vcpu& vcpu, const ArmedStops& armed, bool alone)
      : vcpu_(vcpu), armed_(armed), first_steps_(alone ? 3'000 : 0), steps_(first_steps_) {}

  // The machine starts over.
  void reset() { steps_ = first_steps_; }
  // An instruction has been stepped.
  void stepped() { after_step_ = vcpu_.general(); }

  // Nothing leaves the guest when it loads its IDT, and by the next exit an int3 at CPL 3 may have gone to its handler.
  // So its first instructions are stepped until that handler is known; how long a guest without one is held up is
  // limited, to about 50 ms on kvm_pvm. Not where others would have to wait for each of these steps. After that the
  // patrol looks often: the handler is then known unless CPL 3 comes within 40 ms of it.
  bool looks_for_handler() const;
  // One of these steps is about to be taken.
  void looked() { --steps_; }

  // The address of the int3 that the guest has ended by; the CPU goes back to it, for it has not happened. nullopt: the
  // exit is something else.
  std::optional<Gva> take_back(const Exit& exit);
  // It may have been an int3, or a fault after one: a step tells.
  bool perhaps(const Exit& exit) const { return unmoved() && lost(exit); }

 private:
  std::optional<Gva> lost(const Exit& exit) const;
  bool unmoved() const;

  Vcpu& vcpu_;
  const ArmedStops& armed_;
  x86::GeneralRegisters after_step_{};  // as the last step left them
  const unsigned first_steps_;
  unsigned steps_;  // left to find the handler by
};

}  // namespace gdbvm
