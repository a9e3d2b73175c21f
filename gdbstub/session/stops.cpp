// ? vCtrlC, and what a stop of the target sends in all-stop mode.
#include "gdbstub/session/stops.h"

#include <utility>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/non_stop.h"
#include "gdbstub/session/selection.h"

namespace gdbstub {
namespace {

using Tenure = ClientState::Tenure;
using Awaiting = ClientState::Awaiting;

bool is_interrupt(const StopEvent& event) {
  const auto* signal = std::get_if<stop::Signalled>(&event.reason);
  return signal && signal->signal == Signal::Int;
}

void send_stop_reply(Conversation& c, const StopEvent& event) {
  Reply reply(c.out);
  write_stop_reply(reply, event, c.stop_context());
  c.send(reply);
}

}  // namespace

StopEvent present_stop(Conversation& c) {
  if (c.last_stop) return *c.last_stop;
  return {general_thread(c), stop::Signalled{Signal::Trap}, {}};
}

Handled answer_stop(Conversation& c, Reply& reply) {
  if (c.client.tenure == Tenure::Left && !(c.last_stop && is_end(c.last_stop->reason))) {
    reply.text("W00");  // detached: there is no process, in gdbserver's words
    return Answer::Reply;
  }
  if (c.client.non_stop) return answer_stopped_threads(c, reply);
  if (c.running) {
    if (c.client.awaiting == Awaiting::Nothing) c.client.awaiting = Awaiting::Query;
    c.target.interrupt();
    return Answer::Nothing;
  }
  write_stop_reply(reply, present_stop(c), c.stop_context());
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::StopQuery&, Reply& reply) { return answer_stop(c, reply); }

// In all-stop mode another stop may come first, one that the client does not show its user but answers with the next
// resume. Nobody here knows which stops those are; a second interrupt is not one of them. LLDB asks again by itself.
void interrupt(Conversation& c) {
  if (c.running || c.client.non_stop) c.target.interrupt();
  const bool meets_a_stop = !c.running && c.last_stop && !is_interrupt(*c.last_stop);
  const bool wanted = c.client.tenure == Tenure::Attached && !c.client.non_stop && !c.client.dialect.lldb;
  c.client.interrupt_due = wanted && (c.running || meets_a_stop);
}

bool answer_due_interrupt(Conversation& c, Reply& reply) {
  if (!std::exchange(c.client.interrupt_due, false)) return false;
  c.flush_remarks(reply);
  c.last_stop = StopEvent{general_thread(c), stop::Signalled{Signal::Int}, {}};
  write_stop_reply(reply, *c.last_stop, c.stop_context());
  return true;
}

Handled handle(Conversation& c, const command::Interrupt&, Reply& reply) {
  interrupt(c);
  return ok(reply);
}

void on_stop(Conversation& c, StopEvent event) {
  const bool present = c.client.tenure != Tenure::None;
  if (!present && c.target.running()) return;     // posted before a restart that came since
  if (c.client.tenure == Tenure::Killed) return;  // to this client it is dead, however it came to stand still
  if (c.client.non_stop) return notify_stop(c, std::move(event));
  c.running = false;
  c.last_stop = event;
  if (is_interrupt(event)) c.client.interrupt_due = false;
  if (event.thread.value != 0 && !is_end(event.reason))
    c.client.general_thread = {ThreadSelector::Kind::One, event.thread};
  const auto awaited = std::exchange(c.client.awaiting, Awaiting::Nothing);
  if (!present) return;
  if (awaited == Awaiting::Resumed && !event.message.empty()) {
    c.print(event.message + '\n');
  } else {
    c.client.remarks.add(event.message);
  }
  if (awaited != Awaiting::Nothing) send_stop_reply(c, *c.last_stop);
}

// O packets reach the user only while the client waits for a stop.
void on_console(Conversation& c, const ConsoleOutput& output) {
  if (c.client.awaiting == Awaiting::Resumed) {
    c.print(output.text);
  } else if (c.client.tenure != Tenure::None) {
    c.client.remarks.add(output.text);
  }
}

}  // namespace gdbstub
