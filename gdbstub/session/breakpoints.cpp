// Z0-Z4 z0-z4: planting and lifting, also while the target runs.
#include "gdbstub/agent/expression.h"
#include "gdbstub/session/session.h"

namespace gdbstub {

Session::Handled Session::handle(const command::InsertPoint& command, Reply& reply) {
  std::shared_ptr<const HitAction> action;
  if (!command.conditions.empty() || !command.commands.empty()) {
    std::vector<std::size_t> sizes;
    for (const auto& slot : registers_->slots()) sizes.push_back(slot.size);
    action = make_hit_action(command.conditions, command.commands, std::move(sizes));
  }
  auto inserted = planted_.insert(target_, command.location, std::move(action));
  if (!inserted) return std::unexpected(inserted.error());
  remark(*inserted);
  return ok(reply);
}

Session::Handled Session::handle(const command::RemovePoint& command, Reply& reply) {
  return result(reply, planted_.remove(target_, command.location));
}

}  // namespace gdbstub
