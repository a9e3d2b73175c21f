#include "vmm/debug/control/user_int3.h"

namespace gdbvm {

bool UserInt3::looks_for_handler() const { return steps_ > 0 && armed_.lacks_user_trap(vcpu_); }

std::optional<Gva> UserInt3::take_back(const Exit& exit) {
  const auto address = unmoved() ? std::nullopt : lost(exit);
  if (!address) return std::nullopt;
  auto registers = vcpu_.general();
  --registers.rip;
  vcpu_.set_general(registers);
  return address;
}

std::optional<Gva> UserInt3::lost(const Exit& exit) const {
  if (!std::holds_alternative<exits::Shutdown>(exit) || x86::privilege_level(vcpu_.system()) != 3) return std::nullopt;
  const Gva address{pc_of(vcpu_).value - 1};
  return armed_.at(address) || armed_.one_shot_at(vcpu_, address) ? std::optional(address) : std::nullopt;
}

bool UserInt3::unmoved() const {
  auto now = vcpu_.general();
  now.rflags = after_step_.rflags;
  return now == after_step_;
}

}  // namespace gdbvm
