// H T qC qfThreadInfo qsThreadInfo qThreadExtraInfo qThreadStopInfo.
#include <algorithm>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/stops.h"

namespace gdbstub {

Handled handle(Conversation& c, const command::SelectThread& command, Reply& reply) {
  if (auto thread = resolve(c, command.thread); !thread) return std::unexpected(thread.error());
  const bool general = command.purpose == command::SelectThread::For::General;
  (general ? c.client.general_thread : c.client.continue_thread) = command.thread;
  return ok(reply);
}

Handled handle(Conversation& c, const command::ThreadAlive& command, Reply& reply) {
  if (auto thread = resolve(c, command.thread); !thread) return std::unexpected(thread.error());
  return ok(reply);
}

Handled handle(Conversation& c, const command::CurrentThread&, Reply& reply) {
  if (const auto process = require_process(c); !process) return std::unexpected(process.error());
  reply.text("QC");
  write_thread_id(reply, general_thread(c), c.client.dialect);
  return Answer::Reply;
}

// One packet holds tens of thousands of ids: no list is longer than that.
Handled handle(Conversation& c, const command::FirstThreadInfo&, Reply& reply) {
  const char* separator = "m";
  for (const ThreadId thread : threads_of(c)) {
    reply.text(separator);
    write_thread_id(reply, thread, c.client.dialect);
    separator = ",";
  }
  if (reply.empty()) reply.text("l");
  return Answer::Reply;
}

Handled handle(Conversation&, const command::NextThreadInfo&, Reply& reply) {
  reply.text("l");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::ThreadExtraInfo& command, Reply& reply) {
  const auto thread = resolve(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  reply.hex(c.target.thread_info()->extra(*thread));
  return Answer::Reply;
}

// The thread that stopped has a reason; in all-stop mode the others merely stand still.
Handled handle(Conversation& c, const command::ThreadStopInfo& command, Reply& reply) {
  const auto thread = resolve_stopped(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  const StopEvent present = present_stop(c);
  if (present.thread == *thread) {
    write_stop_reply(reply, present, c.stop_context());
  } else {
    write_stop_reply(reply, {*thread, stop::Signalled{Signal::None}, {}}, c.stop_context());
  }
  return Answer::Reply;
}

}  // namespace gdbstub
