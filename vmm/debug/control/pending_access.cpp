#include "vmm/debug/control/pending_access.h"

#include <utility>

namespace gdbvm {

std::optional<WatchedAccess> PendingAccess::answer(const Exit& exit) {
  pending_ = std::holds_alternative<exits::Io>(exit) || std::holds_alternative<exits::Mmio>(exit) ||
             std::holds_alternative<exits::MsrWrite>(exit);
  const auto access = answer_guarded(exit);
  const auto read = access ? read_address(exit) : std::nullopt;
  const auto before = std::exchange(last_read_, read);
  repeats_ = read && read == before;
  return access;
}

std::optional<WatchedAccess> PendingAccess::answer_guarded(const Exit& exit) {
  const auto* mmio = std::get_if<exits::Mmio>(&exit);
  if (!mmio || !guest_.armed.guards().any()) return std::nullopt;
  return guest_.armed.guards().answer(*mmio);
}

void PendingAccess::settle() {
  while (pending_) {
    const Exit exit = vcpu_.complete();
    if (const auto read = read_address(exit); read && read == std::exchange(last_read_, read)) return;
    pending_ = answer_guarded(exit) || std::holds_alternative<outcome::Done>(guest_.machine.handle(exit));
  }
}

}  // namespace gdbvm
