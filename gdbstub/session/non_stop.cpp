// QNonStop, vStopped and %Stop: each thread stops alone and its stop is notified (GDB manual, "Remote Non-Stop").
#include <algorithm>
#include <utility>

#include "gdbstub/session/session.h"

namespace gdbstub {

// A client switches before it asks for the threads' state; what stands still then is reported by `?`.
Session::Handled Session::handle(const command::SetNonStop& command, Reply& reply) {
  if (command.on == client_.non_stop) return ok(reply);
  if (auto set = target_.non_stop()->set_non_stop(command.on); !set) return std::unexpected(set.error());
  client_.non_stop = command.on;
  stopped_.clear();
  notices_.clear();
  later_.clear();
  if (command.on && !running_) {
    for (const ThreadId thread : target_.threads()) {
      stopped_[thread] = {thread, stop::Signalled{Signal::None}, {}};
    }
    const StopEvent present = present_stop();
    stopped_[present.thread] = present;
  }
  running_ = command.on ? false : target_.running();
  return ok(reply);
}

// `?`: the stops of all stopped threads, the first now, the rest by vStopped. GDB 13 fails an assertion of its own when
// it is told of more than one in this way, so older GDBs (error-message+ tells) are notified of the rest once they have
// heard of the first.
Session::Handled Session::answer_stopped_threads(Reply& reply) {
  notices_.clear();
  later_.clear();
  for (const auto& [thread, event] : stopped_) {
    const bool now = notices_.empty() || client_.error_message;
    (now ? notices_ : later_).push_back(event);
  }
  if (notices_.empty()) return ok(reply);
  write_stop_reply(reply, notices_.front(), stop_context());
  return Answer::Reply;
}

Session::Handled Session::handle(const command::NextStop&, Reply& reply) {
  if (!client_.non_stop) return Answer::Reply;
  if (!notices_.empty()) notices_.pop_front();
  if (!notices_.empty()) {
    write_stop_reply(reply, notices_.front(), stop_context());
    return Answer::Reply;
  }
  if (later_.empty()) return ok(reply);
  reply.text("OK");
  send(reply);
  notices_ = std::exchange(later_, {});
  notify_first();
  reply.restart();
  return Answer::Nothing;
}

// A stop that the client has not heard of keeps its thread stopped.
bool Session::is_resumable(ThreadId thread) const {
  const auto names = [&](const StopEvent& event) { return event.thread == thread; };
  return stopped_.contains(thread) && std::ranges::none_of(notices_, names) && std::ranges::none_of(later_, names);
}

Result<> Session::stop_threads(const command::ResumeThreads& command) {
  using Action = command::ResumeThreads::Action;
  for (const ThreadId thread : target_.threads()) {
    if (stopped_.contains(thread)) continue;
    const auto names = [&](const Action& action) {
      return action.thread.kind != ThreadSelector::Kind::One || action.thread.thread == thread;
    };
    const auto action = std::ranges::find_if(command.actions, names);
    if (action == command.actions.end() || action->kind != Action::Kind::Stop) continue;
    if (auto stopping = target_.non_stop()->stop(thread); !stopping) return stopping;
  }
  return {};
}

// One notification at a time; the client asks for the others with vStopped.
void Session::notify_stop(StopEvent event) {
  remark(event.message);
  if (is_end(event.reason)) last_stop_ = event;
  stopped_[event.thread] = event;
  notices_.push_back(std::move(event));
  if (notices_.size() == 1) notify_first();
}

void Session::notify_first() {
  Reply reply(*out_, Reply::Lead::Notification);
  reply.text("Stop:");
  write_stop_reply(reply, notices_.front(), stop_context());
  trace(PacketDirection::ToClient, reply.payload());
  reply.finish();  // notifications are neither acknowledged nor resent
}

}  // namespace gdbstub
