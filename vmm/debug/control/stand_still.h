// Whether kicks find a vCPU where they found it before.
#pragma once

#include <optional>
#include <utility>

#include "vmm/hypervisor/exit.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

class StandStill final {
 public:
  void after(const Exit& exit, Vcpu& vcpu) {
    const auto before = std::exchange(kicked_at_, std::nullopt);
    if (std::holds_alternative<exits::Interrupted>(exit)) kicked_at_ = vcpu.general();
    stands_ = kicked_at_ && kicked_at_ == before;
  }
  // The last two exits were kicks, and no register has changed in between.
  bool stands() const { return stands_; }

 private:
  std::optional<x86::GeneralRegisters> kicked_at_;
  bool stands_ = false;
};

}  // namespace gdbvm
