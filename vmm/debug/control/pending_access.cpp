#include "vmm/debug/control/pending_access.h"

#include <utility>

namespace gdbvm {

std::optional<WatchedAccess> PendingAccess::answer(const Exit& exit) {
  pending_ = std::holds_alternative<exits::Io>(exit) || std::holds_alternative<exits::Mmio>(exit) ||
             std::holds_alternative<exits::MsrWrite>(exit);
  const auto access = answer_guarded(exit);
  repeats_ = access && reads_.repeats(exit, vcpu_.general());
  return access;
}

std::optional<WatchedAccess> PendingAccess::answer_guarded(const Exit& exit) {
  const auto* mmio = std::get_if<exits::Mmio>(&exit);
  if (!mmio || !guest_.armed.guards().any()) return std::nullopt;
  return guest_.armed.guards().answer(*mmio);
}

void PendingAccess::settle() {
  ReadLoop loop;
  while (pending_) {
    const Exit exit = vcpu_.complete();
    if (loop.repeats(exit, vcpu_.general())) return;
    pending_ = answer_guarded(exit) || std::holds_alternative<outcome::Done>(guest_.machine.handle(exit));
  }
}

}  // namespace gdbvm
