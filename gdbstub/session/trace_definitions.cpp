// QTinit QTDP QTDPsrc QTDV QTro QTEnable QTDisable, and qTfP qTsP qTfV qTsV, which tell other clients.

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/trace_probes.h"
#include "gdbstub/trace/actions.h"
#include "gdbstub/trace/documents.h"

namespace gdbstub {
namespace {

// A tracepoint that is defined while the trace runs takes part once its definition is complete.
Result<> installed(Conversation& c, bool more) { return more ? Result<>() : renew_probes(c); }

Handled answer_piece(std::deque<std::string>& pieces, Reply& reply) {
  reply.text(pieces.empty() ? "l" : pieces.front());
  if (!pieces.empty()) pieces.pop_front();
  return Answer::Reply;
}

Handled begin_upload(std::deque<std::string>& left, const std::vector<std::string>& pieces, Reply& reply) {
  left.assign(pieces.begin(), pieces.end());
  return answer_piece(left, reply);
}

}  // namespace

Handled handle(Conversation& c, const command::TraceInit&, Reply& reply) {
  TraceExperiment& experiment = *c.tracing.experiment;
  {
    const std::lock_guard lock(experiment.mutex);
    experiment.stop(TraceStatus::Stop::Asked);
    experiment.status.stop = TraceStatus::Stop::NotRun;
    experiment.tracepoints.clear();
    experiment.variables.clear();
    experiment.buffer.clear();
  }
  c.tracing.read_only.clear();
  c.client.frame.reset();
  return result(reply, renew_probes(c));
}

Handled handle(Conversation& c, const command::DefineTracepoint& command, Reply& reply) {
  auto point = std::make_shared<Tracepoint>();
  point->id = {command.number, command.address};
  point->enabled = command.enabled;
  point->steps = command.steps;
  point->passes = command.passes;
  if (command.condition) point->condition.emplace(command.condition->begin(), command.condition->end());
  if (command.fast) {
    c.client.remarks.add(fmt::format("tracepoint {}: a fast tracepoint is taken as an ordinary one", command.number));
  }
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    c.tracing.experiment->tracepoints[point->id] = point;
  }
  return result(reply, installed(c, command.more));
}

Handled handle(Conversation& c, const command::DefineTraceActions& command, Reply& reply) {
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    const auto point = c.tracing.experiment->find({command.number, command.address});
    if (!point) return std::unexpected(point.error());
    const auto added = add_actions(**point, command.actions, c.known_registers().size());
    if (!added) return std::unexpected(added.error());
  }
  return result(reply, installed(c, command.more));
}

Handled handle(Conversation& c, const command::DefineTraceSource& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  const auto point = c.tracing.experiment->find({command.number, command.address});
  if (!point) return std::unexpected(point.error());
  (*point)->sources.push_back({std::string(command.type), command.start, command.total, as_text(command.text)});
  return ok(reply);
}

Handled handle(Conversation& c, const command::DefineTraceVariable& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  c.tracing.experiment->variables[command.number] = {as_text(command.name), command.value, command.value};
  return ok(reply);
}

Handled handle(Conversation& c, const command::DefineReadOnly& command, Reply& reply) {
  c.tracing.read_only = command.ranges;
  return ok(reply);
}

Handled handle(Conversation& c, const command::EnableTracepoint& command, Reply& reply) {
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    const auto point = c.tracing.experiment->find({command.number, command.address});
    if (!point) return std::unexpected(point.error());
    (*point)->enabled = command.on;
  }
  return result(reply, renew_probes(c));
}

Handled handle(Conversation& c, const command::FirstTracepoint&, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  return begin_upload(c.client.tracepoints, tracepoint_pieces(c.tracing.experiment->tracepoints), reply);
}

Handled handle(Conversation& c, const command::NextTracepoint&, Reply& reply) {
  return answer_piece(c.client.tracepoints, reply);
}

Handled handle(Conversation& c, const command::FirstTraceVariable&, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  return begin_upload(c.client.trace_variables, variable_pieces(c.tracing.experiment->variables), reply);
}

Handled handle(Conversation& c, const command::NextTraceVariable&, Reply& reply) {
  return answer_piece(c.client.trace_variables, reply);
}

}  // namespace gdbstub
