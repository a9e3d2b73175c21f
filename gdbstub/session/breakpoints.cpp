// Z0-Z4 z0-z4: planting and lifting, also while the target runs.
#include "gdbstub/agent/breakpoint_action.h"
#include "gdbstub/session/handlers.h"

namespace gdbstub {

Handled handle(Conversation& c, const command::InsertPoint& command, Reply& reply) {
  std::shared_ptr<const HitAction> action;
  if (!command.conditions.empty() || !command.commands.empty()) {
    std::vector<std::size_t> sizes;
    for (const auto& slot : c.registers->slots()) sizes.push_back(slot.size);
    action = make_hit_action(command.conditions, command.commands, std::move(sizes));
  }
  auto inserted = c.client.planted.insert(c.target, command.location, std::move(action));
  if (!inserted) return std::unexpected(inserted.error());
  c.client.remarks.add(*inserted);
  return ok(reply);
}

Handled handle(Conversation& c, const command::RemovePoint& command, Reply& reply) {
  return result(reply, c.client.planted.remove(c.target, command.location));
}

}  // namespace gdbstub
