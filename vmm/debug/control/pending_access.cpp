#include "vmm/debug/control/pending_access.h"

#include <array>
#include <utility>

namespace gdbvm {

std::optional<WatchedAccess> PendingAccess::answer(const Exit& exit) {
  pending_ = leaves_unfinished(exit);
  const auto access = answer_guarded(exit);
  repeats_ = access && reads_.repeats(exit, vcpu_.general());
  return access;
}

std::optional<WatchedAccess> PendingAccess::answer_guarded(const Exit& exit) {
  const auto* mmio = std::get_if<exits::Mmio>(&exit);
  if (!mmio || !guest_.armed.guards().any()) return std::nullopt;
  const auto access = guest_.armed.guards().answer(*mmio);
  if (access) far_return_.after(*access, vcpu_, guest_.view);
  const auto push = access ? lost_push(*mmio, vcpu_, guest_.view) : std::nullopt;
  const auto made_up = push ? make_up_for(*push) : std::nullopt;
  return made_up && guest_.armed.watched(*made_up) ? made_up : access;
}

// A far call keeps the privilege level, and the code segment it is made from is taken to be the one the run began with.
std::optional<WatchedAccess> PendingAccess::make_up_for(const LostPush& push) {
  std::array<std::uint8_t, 8> selector{static_cast<std::uint8_t>(code_selector_),
                                       static_cast<std::uint8_t>(code_selector_ >> 8)};
  const auto place = guest_.view.translate(vcpu_, push.at);
  if (!place) return std::nullopt;
  return guest_.armed.guards().answer({*place, exits::Mmio::Direction::Write, std::span(selector).first(push.size)});
}

void PendingAccess::settle() {
  ReadLoop loop;
  while (pending_) {
    const Exit exit = vcpu_.complete();
    if (loop.repeats(exit, vcpu_.general())) return;
    pending_ =
        answer_guarded(exit) || std::holds_alternative<outcome::Done>(guest_.machine.handle(vcpu_.index(), exit));
  }
}

}  // namespace gdbvm
