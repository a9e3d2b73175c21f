#include "vmm/debug/control/user_int3.h"

namespace gdbvm {

std::optional<Gva> lost_user_int3(const Exit& exit, Vcpu& vcpu, const ArmedStops& armed) {
  if (!std::holds_alternative<exits::Shutdown>(exit) || x86::privilege_level(vcpu.system()) != 3) return std::nullopt;
  const Gva address{pc_of(vcpu).value - 1};
  return armed.at(address) ? std::optional(address) : std::nullopt;
}

void take_back_int3(Vcpu& vcpu) {
  auto registers = vcpu.general();
  --registers.rip;
  vcpu.set_general(registers);
}

}  // namespace gdbvm
