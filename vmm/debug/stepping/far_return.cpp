#include "vmm/debug/stepping/far_return.h"

#include <utility>

#include "vmm/debug/stepping/instruction.h"

namespace gdbvm {

void FarReturn::after(const WatchedAccess& access, Vcpu& vcpu, const GuestView& view) {
  const auto begun = std::exchange(begun_, std::nullopt);
  const bool is_read = access.direction == WatchedAccess::Direction::Read;
  if (!is_read || x86::mode_of(vcpu.system(), vcpu.general().rflags) != x86::CpuMode::Long) return;
  if (current_instruction(view, vcpu).kind != Instruction::Kind::FarReturn) return;
  const auto& now = vcpu.general();
  if (begun && begun->rip == now.rip && begun->rsp + access.size == now.rsp) {
    vcpu.set_general(*begun);
  } else {
    begun_ = now;
  }
}

}  // namespace gdbvm
