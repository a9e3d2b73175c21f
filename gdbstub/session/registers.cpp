// g G p P, and LLDB's saved register states.
#include <algorithm>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/register_access.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/trace_frames.h"

namespace gdbstub {
namespace {

// Only registers that change are written: others may be read-only.
Result<> write_all(Conversation& c, ThreadId thread, Bytes bytes) {
  std::vector<std::uint8_t> present;
  for (std::uint32_t i = 0; const auto& slot : c.registers->slots()) {
    const RegisterNumber number{i++};
    if (slot.offset + slot.size > bytes.size()) break;
    const Bytes wanted = bytes.subspan(slot.offset, slot.size);
    if (read_register(c, thread, number, present) && std::ranges::equal(present, wanted)) continue;
    if (auto written = c.target.write_register(thread, number, wanted); !written) return written;
  }
  return {};
}

// Of a trace frame the registers can be read also while the target runs.
Result<ThreadId> readable_thread(Conversation& c, const std::optional<ThreadSelector>& thread) {
  return c.client.frame ? Result<ThreadId>(general_thread(c)) : resolve_stopped(c, thread);
}

Result<> read_present(Conversation& c, ThreadId thread, RegisterNumber number, MutableBytes out) {
  return c.client.frame ? read_frame_register(c, number, out) : c.target.read_register(thread, number, out);
}

}  // namespace

Result<> read_register(Conversation& c, ThreadId thread, RegisterNumber number, std::vector<std::uint8_t>& out) {
  const auto* slot = c.registers->find(number);
  if (slot == nullptr) return fail(fmt::format("there is no register {}", number.value));
  out.resize(slot->size);
  return c.target.read_register(thread, number, out);
}

// Registers that cannot be read are sent as `x`; if that is all of them, the reply is the first one's error.
Handled handle(Conversation& c, const command::ReadRegisters& command, Reply& reply) {
  const auto thread = readable_thread(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto slots = c.known_registers();
  const std::size_t total = slots.empty() ? 0 : slots.back().offset + slots.back().size;
  std::vector<const RegisterLayout::Slot*> unreadable;
  std::optional<Error> first_error;
  const MutableBytes room = reply.stage(total);
  for (std::uint32_t i = 0; const auto& slot : slots) {
    const auto read = read_present(c, *thread, {i++}, room.subspan(slot.offset, slot.size));
    if (read) continue;
    unreadable.push_back(&slot);
    if (!first_error) first_error = read.error();
  }
  if (unreadable.size() == slots.size() && first_error) return std::unexpected(*first_error);
  reply.commit_hex(total);
  for (const auto* slot : unreadable) reply.blank_hex(total, slot->offset, slot->size);
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::WriteRegisters& command, Reply& reply) {
  if (auto live = require_no_frame(c); !live) return std::unexpected(live.error());
  const auto thread = resolve_stopped(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto ends_here = [&](const auto& slot) { return slot.offset + slot.size == command.bytes.size(); };
  if (std::ranges::none_of(c.registers->slots(), ends_here)) return fail("the registers do not have this length");
  return result(reply, write_all(c, *thread, command.bytes));
}

Handled handle(Conversation& c, const command::ReadRegister& command, Reply& reply) {
  const auto thread = readable_thread(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  std::vector<std::uint8_t> value;
  const auto* slot = c.registers->find(command.number);
  if (c.client.frame && slot != nullptr) {
    value.resize(slot->size);
    const auto collected = read_frame_register(c, command.number, value);
    reply.hex(value);
    if (!collected) reply.blank_hex(value.size(), 0, value.size());
    return Answer::Reply;
  }
  if (auto read = read_register(c, *thread, command.number, value); !read) return std::unexpected(read.error());
  reply.hex(value);
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::WriteRegister& command, Reply& reply) {
  if (auto live = require_no_frame(c); !live) return std::unexpected(live.error());
  const auto thread = resolve_stopped(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto* slot = c.registers->find(command.number);
  if (slot == nullptr) return fail(fmt::format("there is no register {}", command.number.value));
  if (slot->size != command.bytes.size()) {
    return fail(
        fmt::format("register {} has {} bytes, not {}", slot->description->name, slot->size, command.bytes.size()));
  }
  return result(reply, c.target.write_register(*thread, command.number, command.bytes));
}

Handled handle(Conversation& c, const command::SaveRegisters& command, Reply& reply) {
  const auto thread = resolve_stopped(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  std::vector<std::uint8_t> state(c.registers->total());
  for (std::uint32_t i = 0; const auto& slot : c.registers->slots()) {
    const auto into = MutableBytes(state).subspan(slot.offset, slot.size);
    if (auto read = c.target.read_register(*thread, {i++}, into); !read) return std::unexpected(read.error());
  }
  reply.format("{}", c.client.saved_registers.save(std::move(state)));
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::RestoreRegisters& command, Reply& reply) {
  const auto thread = resolve_stopped(c, command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto saved = c.client.saved_registers.take(command.id);
  if (!saved) return fail(fmt::format("there is no register state {}", command.id));
  return result(reply, write_all(c, *thread, *saved));
}

}  // namespace gdbstub
