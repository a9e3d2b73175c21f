// The clock that KVM offers its guests, as a part of the machine's state.
#pragma once

#include <cstdint>

#include "vmm/devices/state.h"
#include "vmm/hypervisor/vm.h"

namespace gdbvm {

// Of the VM; each CPU's MSRs say where its guest wants to read it.
class Kvmclock final {
 public:
  explicit Kvmclock(Vm& vm) : vm_(vm) {}

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const { to.put(vm_.clock()); }
  void restore(StateReader& from) { vm_.set_clock(from.get<std::uint64_t>()); }

 private:
  Vm& vm_;
};

}  // namespace gdbvm
