// H T qC qfThreadInfo qsThreadInfo qThreadExtraInfo qThreadStopInfo.
#include <algorithm>

#include "gdbstub/session/session.h"

namespace gdbstub {

Session::Handled Session::handle(const command::SelectThread& command, Reply& reply) {
  if (auto thread = resolve(command.thread); !thread) return std::unexpected(thread.error());
  const bool general = command.purpose == command::SelectThread::For::General;
  (general ? general_thread_ : continue_thread_) = command.thread;
  return ok(reply);
}

Session::Handled Session::handle(const command::ThreadAlive& command, Reply& reply) {
  if (auto thread = resolve(command.thread); !thread) return std::unexpected(thread.error());
  return ok(reply);
}

Session::Handled Session::handle(const command::CurrentThread&, Reply& reply) {
  reply.text("QC");
  write_thread_id(reply, general_thread(), client_);
  return Answer::Reply;
}

// One packet holds tens of thousands of ids: no list is longer than that.
Session::Handled Session::handle(const command::FirstThreadInfo&, Reply& reply) {
  const char* separator = "m";
  for (const ThreadId thread : target_.threads()) {
    reply.text(separator);
    write_thread_id(reply, thread, client_);
    separator = ",";
  }
  if (reply.empty()) reply.text("l");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::NextThreadInfo&, Reply& reply) {
  reply.text("l");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::ThreadExtraInfo& command, Reply& reply) {
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  reply.hex(target_.thread_info()->extra(*thread));
  return Answer::Reply;
}

// The thread that stopped has a reason; in all-stop mode the others merely stand still.
Session::Handled Session::handle(const command::ThreadStopInfo& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  const StopEvent present = present_stop();
  if (present.thread == *thread) {
    write_stop_reply(reply, present, stop_context());
  } else {
    write_stop_reply(reply, {*thread, stop::Signalled{Signal::None}, {}}, stop_context());
  }
  return Answer::Reply;
}

}  // namespace gdbstub
