// bs bc: execution into the past.
#include "gdbstub/session/session.h"

namespace gdbstub {

Session::Handled Session::handle(const command::ReverseStep&, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  if (answer_due_interrupt(reply)) return Answer::Reply;
  const auto thread = resolve(continue_thread_);
  if (!thread) return std::unexpected(thread.error());
  if (auto started = target_.reverse_execution()->reverse_step(*thread); !started)
    return std::unexpected(started.error());
  return resumed(reply);
}

Session::Handled Session::handle(const command::ReverseContinue&, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  if (answer_due_interrupt(reply)) return Answer::Reply;
  if (auto started = target_.reverse_execution()->reverse_continue(); !started) return std::unexpected(started.error());
  return resumed(reply);
}

}  // namespace gdbstub
