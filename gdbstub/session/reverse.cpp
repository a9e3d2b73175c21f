// bs bc: execution into the past.
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/resume.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/stops.h"

namespace gdbstub {

Handled handle(Conversation& c, const command::ReverseStep&, Reply& reply) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  if (answer_due_interrupt(c, reply)) return Answer::Reply;
  const auto thread = resolve(c, c.client.continue_thread);
  if (!thread) return std::unexpected(thread.error());
  if (auto started = c.target.reverse_execution()->reverse_step(*thread); !started)
    return std::unexpected(started.error());
  return resumed(c, reply);
}

Handled handle(Conversation& c, const command::ReverseContinue&, Reply& reply) {
  if (const auto stopped = require_stopped(c); !stopped) return std::unexpected(stopped.error());
  if (answer_due_interrupt(c, reply)) return Answer::Reply;
  if (auto started = c.target.reverse_execution()->reverse_continue(); !started)
    return std::unexpected(started.error());
  return resumed(c, reply);
}

}  // namespace gdbstub
