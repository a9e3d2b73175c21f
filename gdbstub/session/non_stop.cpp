// QNonStop, vStopped, vCont;t and %Stop.
#include "gdbstub/session/non_stop.h"

#include <algorithm>
#include <utility>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/stops.h"

namespace gdbstub {
namespace {

void notify_current(Conversation& c) {
  Reply reply(c.out, Reply::Lead::Notification);
  reply.text("Stop:");
  write_stop_reply(reply, *c.client.stops.current(), c.stop_context());
  c.send_notification(reply);
}

}  // namespace

// A client switches before it asks for the threads' state; what stands still then is reported by `?`.
Handled handle(Conversation& c, const command::SetNonStop& command, Reply& reply) {
  if (command.on == c.client.non_stop) return ok(reply);
  if (auto set = c.target.non_stop()->set_non_stop(command.on); !set) return std::unexpected(set.error());
  c.client.non_stop = command.on;
  NonStopQueue& stops = c.client.stops;
  stops.clear();
  if (command.on && !c.running) {
    for (const ThreadId thread : c.target.threads()) {
      stops.mark_stopped({thread, stop::Signalled{Signal::None}, {}});
    }
    stops.mark_stopped(present_stop(c));
  }
  c.running = command.on ? false : c.target.running();
  return ok(reply);
}

// Older GDBs, which error-message+ tells, cannot be told of more than one stop in a round.
Handled answer_stopped_threads(Conversation& c, Reply& reply) {
  c.client.stops.report_all(c.client.dialect.error_message);
  const StopEvent* const first = c.client.stops.current();
  if (first == nullptr) return ok(reply);
  write_stop_reply(reply, *first, c.stop_context());
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::NextStop&, Reply& reply) {
  if (!c.client.non_stop) return Answer::Reply;
  c.client.stops.acknowledge();
  if (const StopEvent* const next = c.client.stops.current(); next != nullptr) {
    write_stop_reply(reply, *next, c.stop_context());
    return Answer::Reply;
  }
  if (!c.client.stops.begin_next_round()) return ok(reply);
  reply.text("OK");
  c.send(reply);
  notify_current(c);
  reply.restart();
  return Answer::Nothing;
}

Result<> stop_threads(Conversation& c, const command::ResumeThreads& command) {
  using Action = command::ResumeThreads::Action;
  for (const ThreadId thread : c.target.threads()) {
    if (c.client.stops.is_stopped(thread)) continue;
    const auto names = [&](const Action& action) {
      return action.thread.kind != ThreadSelector::Kind::One || action.thread.thread == thread;
    };
    const auto action = std::ranges::find_if(command.actions, names);
    if (action == command.actions.end() || action->kind != Action::Kind::Stop) continue;
    if (auto stopping = c.target.non_stop()->stop(thread); !stopping) return stopping;
  }
  return {};
}

// One notification at a time; the client asks for the others with vStopped.
void notify_stop(Conversation& c, StopEvent event) {
  c.client.remarks.add(event.message);
  if (is_end(event.reason)) c.last_stop = event;
  if (c.client.stops.add(std::move(event))) notify_current(c);
}

}  // namespace gdbstub
