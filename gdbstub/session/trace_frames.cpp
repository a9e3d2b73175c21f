// QTFrame qTBuffer QTSave, and reading the frame that is selected.
#include "gdbstub/session/trace_frames.h"

#include <algorithm>

#include "gdbstub/agent/little_endian.h"
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/trace/documents.h"
#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/target_xml.h"

namespace gdbstub {
namespace {

using Select = command::SelectFrame;

struct IsWanted {
  const TraceFrame& frame;
  bool operator()(const Select::Number&) const { return true; }
  bool operator()(const Select::At& at) const { return frame.pc() == at.pc; }
  bool operator()(const Select::Of& of) const { return frame.tracepoint() == of.tracepoint; }
  bool operator()(const Select::Within& range) const {
    const bool inside = frame.pc() >= range.first && frame.pc() <= range.last;
    return inside != range.outside;
  }
};

// The number of the frame; one by content is looked for after the one that is selected.
std::optional<std::size_t> find(const Conversation& c, const TraceBuffer& buffer, const Select& command) {
  if (const auto* number = std::get_if<Select::Number>(&command.which)) {
    return number->number < buffer.count() ? std::optional<std::size_t>(number->number) : std::nullopt;
  }
  const std::uint64_t next = c.client.frame ? c.client.frame->serial + 1 : 0;
  for (std::size_t i = next > buffer.first_serial() ? next - buffer.first_serial() : 0; i < buffer.count(); ++i) {
    if (std::visit(IsWanted{*buffer.at(i)}, command.which)) return i;
  }
  return std::nullopt;
}

}  // namespace

// Where there is no such frame, the selected one stays; the number of none leaves it.
Handled handle(Conversation& c, const command::SelectFrame& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  const TraceBuffer& buffer = c.tracing.experiment->buffer;
  const auto found = find(c, buffer, command);
  if (!found) {
    const auto* number = std::get_if<Select::Number>(&command.which);
    if (number && number->number == UINT32_MAX) c.client.frame.reset();
    reply.text("F-1");
    return Answer::Reply;
  }
  c.client.frame = SelectedFrame{buffer.first_serial() + *found, buffer.at(*found)};
  reply.format("F{:x}T{:x}", *found, buffer.at(*found)->tracepoint());
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::ReadTraceBuffer& command, Reply& reply) {
  const std::lock_guard lock(c.tracing.experiment->mutex);
  const auto size = std::min<std::uint64_t>(command.length, packet_size / 2);
  const std::size_t read = c.tracing.experiment->buffer.copy(command.offset, reply.stage(size));
  reply.commit_hex(read);
  if (read == 0) reply.text("l");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::SaveTrace& command, Reply& reply) {
  std::string file;
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    const auto known = c.known_registers();
    const std::size_t block = known.empty() ? 0 : known.back().offset + known.back().size;
    file = trace_file(*c.tracing.experiment, block, to_xml(c.target.description()));
  }
  return result(reply, c.target.tracepoints()->save(as_text(command.path), file));
}

Result<> read_frame_register(const Conversation& c, RegisterNumber number, MutableBytes out) {
  const TraceFrame& frame = *c.client.frame->frame;
  const auto value = frame.register_value(number);
  if (value && value->size() == out.size()) {
    std::ranges::copy(*value, out.begin());
    return {};
  }
  if (number != c.registers->pc()) return fail("this trace frame does not have that register");
  put_little_endian(out, frame.pc().value);
  return {};
}

Result<std::size_t> read_present_memory(Conversation& c, Address address, MutableBytes out) {
  if (!c.client.frame) return c.target.read_memory(general_thread(c), address, out);
  if (const std::size_t collected = c.client.frame->frame->read_memory(address, out); collected > 0) return collected;
  for (const auto& [start, end] : c.tracing.read_only) {
    if (address < start || address >= end) continue;
    const auto size = std::min<std::uint64_t>(out.size(), end.value - address.value);
    return c.target.read_memory(general_thread(c), address, out.first(size));
  }
  return fail(fmt::format("this trace frame does not have the memory at {}", address));
}

Result<> require_no_frame(const Conversation& c) {
  if (c.client.frame) return fail("a trace frame is selected, which has only what was collected (tfind none)");
  return {};
}

}  // namespace gdbstub
