// QTStart QTStop qTStatus qTP qTV QTDisconnected QTNotes qTMinFTPILen QTBuffer:size QTBuffer:circular.
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/trace_probes.h"
#include "gdbstub/trace/documents.h"

namespace gdbstub {
namespace {

constexpr std::size_t largest_buffer = std::size_t{1} << 30;

std::shared_ptr<const TraceRegisters> registers_of(const Conversation& c) {
  auto registers = std::make_shared<TraceRegisters>();
  for (const auto& slot : c.known_registers()) {
    registers->sizes.push_back(slot.size);
    registers->offsets.push_back(slot.offset);
    registers->total = slot.offset + slot.size;
  }
  registers->pc = c.registers->pc();
  return registers;
}

Result<> require_no_run(const TraceExperiment& experiment) {
  if (experiment.status.running) return fail("a trace runs already");
  return {};
}

}  // namespace

Handled handle(Conversation& c, const command::StartTrace&, Reply& reply) {
  TraceExperiment& experiment = *c.tracing.experiment;
  c.client.frame.reset();
  {
    const std::lock_guard lock(experiment.mutex);
    if (auto free = require_no_run(experiment); !free) return std::unexpected(free.error());
    experiment.start(registers_of(c));
  }
  const auto planted = renew_probes(c);
  if (!planted) {
    {
      const std::lock_guard lock(experiment.mutex);
      experiment.stop(TraceStatus::Stop::Error, planted.error().text);
    }
    static_cast<void>(renew_probes(c));
  }
  return result(reply, planted);
}

Handled handle(Conversation& c, const command::StopTrace&, Reply& reply) {
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    c.tracing.experiment->stop(TraceStatus::Stop::Asked, c.tracing.experiment->status.stop_note);
  }
  return result(reply, renew_probes(c));
}

Handled handle(Conversation& c, const command::QueryTrace&, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  reply.format("T{}", status_text(*c.tracing.experiment));
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::QueryTracepoint& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  const auto found = c.tracing.experiment->find({command.number, command.address});
  if (!found) return std::unexpected(found.error());
  reply.format("V{:x}:{:x}", (*found)->hits, (*found)->bytes);
  return Answer::Reply;
}

// In a frame, what was collected of it.
Handled handle(Conversation& c, const command::QueryTraceVariable& command, Reply& reply) {
  std::optional<std::uint64_t> value;
  if (c.client.frame) {
    value = c.client.frame->frame->variable(command.number);
  } else {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    const auto found = c.tracing.experiment->variables.find(command.number);
    if (found != c.tracing.experiment->variables.end()) value = found->second.value;
  }
  if (value) reply.format("V{:x}", *value);
  if (!value) reply.text("U");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::SetTraceDisconnected& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  c.tracing.experiment->status.outlives_client = command.on;
  return ok(reply);
}

Handled handle(Conversation& c, const command::SetTraceNotes& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  TraceStatus& status = c.tracing.experiment->status;
  if (command.user) status.user = as_text(*command.user);
  if (command.notes) status.notes = as_text(*command.notes);
  if (command.stop) status.stop_note = as_text(*command.stop);
  return ok(reply);
}

// A fast tracepoint is an ordinary one here, which fits on any instruction.
Handled handle(Conversation&, const command::QueryFastLength&, Reply& reply) {
  reply.text("1");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::SetTraceBufferSize& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  if (auto free = require_no_run(*c.tracing.experiment); !free) return std::unexpected(free.error());
  const std::uint64_t bytes = command.bytes.value_or(TraceBuffer::default_limit);
  if (bytes > largest_buffer) return fail(fmt::format("a trace buffer has {} bytes at most", largest_buffer));
  c.tracing.experiment->buffer.set_limit(bytes);
  return ok(reply);
}

Handled handle(Conversation& c, const command::SetTraceCircular& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  c.tracing.experiment->buffer.set_circular(command.on);
  return ok(reply);
}

}  // namespace gdbstub
