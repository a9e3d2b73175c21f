// qAttached vAttach D k vKill R vRun: clients taking the target, leaving it, ending it, starting it again.
#include "gdbstub/session/session.h"

namespace gdbstub {

// 1: the client found the target there, so it detaches when it quits.
Session::Handled Session::handle(const command::Attached&, Reply& reply) {
  reply.text("1");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::Attach&, Reply& reply) {
  if (tenure_ == Tenure::Left) attach();
  return answer_stop(reply);
}

// The target goes on only after the reply has been written, and without anything planted in it.
Session::Handled Session::handle(const command::Detach&, Reply& reply) {
  lift_everything();
  if (tenure_ == Tenure::Attached && target_.lifecycle() != nullptr) target_.lifecycle()->detached();
  tenure_ = Tenure::Left;
  awaiting_ = Awaiting::Nothing;
  running_ = target_.running();
  return ok(reply);
}

// k has no reply, but LLDB waits for one. In extended mode the client may yet start the target again: what was killed
// only stands still until then, or until the client goes.
Session::Handled Session::handle(const command::Kill& command, Reply& reply) {
  if (target_.lifecycle() == nullptr) return Answer::Nothing;
  lift_everything();
  if (client_.extended) {
    target_.interrupt();
    tenure_ = Tenure::Killed;
  } else {
    target_.lifecycle()->kill();
    tenure_ = Tenure::Left;
  }
  awaiting_ = Awaiting::Nothing;
  last_stop_ = StopEvent{general_thread(), stop::Killed{Signal::Kill}, {}};
  running_ = false;
  if (command.form == command::Kill::Form::Acknowledged) return ok(reply);
  if (!client_.lldb) return Answer::Nothing;
  write_stop_reply(reply, *last_stop_, stop_context());
  return Answer::Reply;
}

// R has no reply either: the client asks with `?`.
Session::Handled Session::handle(const command::Restart& command, Reply& reply) {
  const bool silent = command.form == command::Restart::Form::Silent;
  if (target_.lifecycle() == nullptr) return Answer::Nothing;
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  if (auto restarted = target_.lifecycle()->restart(); !restarted) return std::unexpected(restarted.error());
  tenure_ = Tenure::Attached;
  last_stop_.reset();
  client_.interrupt_due = false;
  general_thread_ = {};
  last_stop_ = StopEvent{general_thread(), stop::Signalled{Signal::Trap}, {}};
  if (silent) return Answer::Nothing;
  write_stop_reply(reply, *last_stop_, stop_context());
  return Answer::Reply;
}

}  // namespace gdbstub
