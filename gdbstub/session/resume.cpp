// c C s S vCont.
#include <algorithm>
#include <array>
#include <vector>

#include "gdbstub/session/features.h"
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/non_stop.h"
#include "gdbstub/session/resume.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/stops.h"

namespace gdbstub {
namespace {

using Action = command::ResumeThreads::Action;

ThreadAction to_thread_action(const Action& action, ThreadId thread) {
  const auto kind = action.kind == Action::Kind::Continue ? ResumeKind::Continue
                    : action.kind == Action::Kind::Step   ? ResumeKind::Step
                                                          : ResumeKind::StepRange;
  return {thread, kind, action.signal, action.range_begin, action.range_end};
}

Result<> set_pc(Conversation& c, ThreadId thread, Address address) {
  const auto number = c.registers->pc();
  const auto* slot = number ? c.registers->find(*number) : nullptr;
  std::array<std::uint8_t, 8> bytes;
  if (slot == nullptr || slot->size > bytes.size()) return fail("the target has no program counter");
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(address.value >> 8 * i);
  return c.target.write_register(thread, *number, Bytes(bytes).first(slot->size));
}

// The leftmost action that names a thread applies to it. Stop does not concern threads that are stopped already.
std::vector<ThreadAction> actions_for_threads(Conversation& c, const command::ResumeThreads& command) {
  const ThreadId general = general_thread(c);
  std::vector<ThreadAction> actions;
  for (const ThreadId thread : c.target.threads()) {
    if (c.client.non_stop && !c.client.stops.is_resumable(thread)) continue;
    const auto names = [&](const Action& action) {
      const ThreadSelector& selector = action.thread;
      if (selector.kind == ThreadSelector::Kind::Any) return thread == general;
      return selector.kind == ThreadSelector::Kind::All || selector.thread == thread;
    };
    const auto action = std::ranges::find_if(command.actions, names);
    if (action == command.actions.end() || action->kind == Action::Kind::Stop) continue;
    actions.push_back(to_thread_action(*action, thread));
  }
  return actions;
}

Handled resume(Conversation& c, std::span<const ThreadAction> actions, Reply& reply) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  if (answer_due_interrupt(c, reply)) return Answer::Reply;
  if (const auto started = c.target.resume(actions); !started) return std::unexpected(started.error());
  for (const ThreadAction& action : actions) c.client.stops.mark_running(action.thread);
  return resumed(c, reply);
}

}  // namespace

Handled resumed(Conversation& c, Reply& reply) {
  if (c.client.non_stop) return ok(reply);
  c.flush_remarks(reply);
  c.last_stop.reset();
  c.running = true;
  c.client.awaiting = ClientState::Awaiting::Resumed;
  return Answer::Nothing;
}

Handled handle(Conversation& c, const command::ResumeActionsQuery&, Reply& reply) {
  reply.text(resume_actions(c.target));
  return Answer::Reply;
}

// The packets from before vCont: the thread of Hc, or else all of them, of which `s` steps the general one only.
Handled handle(Conversation& c, const command::Resume& command, Reply& reply) {
  const auto thread = resolve_stopped(c, c.client.continue_thread);
  if (!thread) return std::unexpected(thread.error());
  if (command.address) {
    if (auto moved = set_pc(c, *thread, *command.address); !moved) return std::unexpected(moved.error());
  }
  std::vector<ThreadAction> actions{{*thread, command.kind, command.signal, {}, {}}};
  if (c.client.continue_thread.kind != ThreadSelector::Kind::One) {
    for (const ThreadId other : c.target.threads()) {
      if (other != *thread) actions.push_back({other, ResumeKind::Continue, Signal::None, {}, {}});
    }
  }
  return resume(c, actions, reply);
}

Handled handle(Conversation& c, const command::ResumeThreads& command, Reply& reply) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  if (c.client.non_stop) {
    if (auto stopping = stop_threads(c, command); !stopping) return std::unexpected(stopping.error());
  }
  const std::vector<ThreadAction> actions = actions_for_threads(c, command);
  if (!actions.empty()) return resume(c, actions, reply);
  if (c.client.non_stop) return ok(reply);
  if (!c.client.dialect.no_resumed) return fail("there is no such thread to resume");
  reply.text("N");
  return Answer::Reply;
}

}  // namespace gdbstub
