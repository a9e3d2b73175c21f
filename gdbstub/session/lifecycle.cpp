// qAttached vAttach D k vKill R vRun: clients taking the target, leaving it, ending it, starting it again.
#include "gdbstub/session/lifecycle.h"

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/stops.h"
#include "gdbstub/session/trace_probes.h"

namespace gdbstub {
namespace {

using Tenure = ClientState::Tenure;
using Awaiting = ClientState::Awaiting;

// Nothing that the client planted or switched on may outlive its stay.
void lift_everything(Conversation& c) {
  c.client.planted.remove_all(c.target);
  leave_trace(c);
  if (c.client.non_stop) static_cast<void>(c.target.non_stop()->set_non_stop(false));
  c.client.non_stop = false;
  c.client.interrupt_due = false;
  c.client.stops.clear();
  if (QemuCompatibility* qemu = c.target.qemu_compatibility(); qemu != nullptr && qemu->physical_memory()) {
    static_cast<void>(qemu->set_physical_memory(false));
  }
}

void tell_detached(Conversation& c) {
  if (c.client.tenure == Tenure::Attached && c.target.lifecycle() != nullptr) c.target.lifecycle()->detached();
}

}  // namespace

void arrive(Conversation& c) {
  c.client.tenure = Tenure::Attached;
  if (c.target.lifecycle() != nullptr) c.target.lifecycle()->attached();
  c.renew_description();
  c.running = c.target.running();
  if (c.running) c.last_stop.reset();
}

void depart(Conversation& c) {
  lift_everything(c);
  tell_detached(c);
  if (c.client.tenure == Tenure::Killed) c.target.lifecycle()->kill();
  c.client = {};
  c.running = c.target.running();
}

// 1: the client found the target there, so it detaches when it quits.
Handled handle(Conversation&, const command::Attached&, Reply& reply) {
  reply.text("1");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::Attach&, Reply& reply) {
  const bool has_ended = c.last_stop && is_end(c.last_stop->reason);
  if (c.client.tenure == Tenure::Left && !has_ended) arrive(c);
  if (const auto process = require_process(c); !process) return std::unexpected(process.error());
  return answer_stop(c, reply);
}

// The target goes on only after the reply has been written, and without anything planted in it.
Handled handle(Conversation& c, const command::Detach&, Reply& reply) {
  lift_everything(c);
  tell_detached(c);
  c.client.tenure = Tenure::Left;
  c.client.awaiting = Awaiting::Nothing;
  c.running = c.target.running();
  return ok(reply);
}

// k has no reply, but LLDB waits for one. In extended mode the client may yet start the target again: what was killed
// only stands still until then, or until the client goes.
Handled handle(Conversation& c, const command::Kill& command, Reply& reply) {
  if (c.target.lifecycle() == nullptr) return Answer::Nothing;
  lift_everything(c);
  if (c.client.extended) {
    c.target.interrupt();
    c.client.tenure = Tenure::Killed;
  } else {
    c.target.lifecycle()->kill();
    c.client.tenure = Tenure::Left;
  }
  c.client.awaiting = Awaiting::Nothing;
  c.last_stop = StopEvent{general_thread(c), stop::Killed{Signal::Kill}, {}};
  c.running = false;
  if (command.form == command::Kill::Form::Acknowledged) return ok(reply);
  if (!c.client.dialect.lldb) return Answer::Nothing;
  write_stop_reply(reply, *c.last_stop, c.stop_context());
  return Answer::Reply;
}

// R has no reply either: the client asks with `?`. A target that has run on without the client, or has just been
// killed, has yet to stop. Whether it does is asked before the restart: by the time that is done it may have stopped,
// and its event comes all the same.
Handled handle(Conversation& c, const command::Restart& command, Reply& reply) {
  const bool silent = command.form == command::Restart::Form::Silent;
  if (c.target.lifecycle() == nullptr) return Answer::Nothing;
  const bool runs = c.client.non_stop ? c.target.running() : c.running;
  if (runs && c.client.tenure != Tenure::Left) return fail("the target is running");
  const bool stop_is_due = !c.client.non_stop && c.target.running();
  // To the client its breakpoints went with the process: it removes none of them, and plants again those that it has.
  if (c.last_stop && is_end(c.last_stop->reason)) c.client.planted.remove_all(c.target);
  if (auto restarted = c.target.lifecycle()->restart(); !restarted) return std::unexpected(restarted.error());
  if (c.client.tenure == Tenure::Left) arrive(c);
  c.client.tenure = Tenure::Attached;
  c.client.interrupt_due = false;
  c.client.general_thread = {};
  c.last_stop.reset();
  c.running = stop_is_due;
  if (stop_is_due && !silent) c.client.awaiting = Awaiting::Query;
  if (stop_is_due) return Answer::Nothing;
  c.last_stop = present_stop(c);
  if (silent) return Answer::Nothing;
  write_stop_reply(reply, *c.last_stop, c.stop_context());
  return Answer::Reply;
}

}  // namespace gdbstub
