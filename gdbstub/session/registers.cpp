// g G p P, and LLDB's saved register states.
#include <algorithm>

#include "gdbstub/session/session.h"

namespace gdbstub {
namespace {

constexpr std::size_t most_saved_states = 64;

}  // namespace

// Registers that cannot be read are sent as `x`; if that is all of them, the reply is the first one's error.
Session::Handled Session::handle(const command::ReadRegisters& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  std::vector<const RegisterLayout::Slot*> unreadable;
  std::optional<Error> first_error;
  const MutableBytes room = reply.stage(registers_->total());
  for (std::uint32_t i = 0; const auto& slot : registers_->slots()) {
    const auto read = target_.read_register(*thread, {i++}, room.subspan(slot.offset, slot.size));
    if (read) continue;
    unreadable.push_back(&slot);
    if (!first_error) first_error = read.error();
  }
  if (unreadable.size() == registers_->slots().size() && first_error) return std::unexpected(*first_error);
  reply.commit_hex(registers_->total());
  for (const auto* slot : unreadable) reply.blank_hex(registers_->total(), slot->offset, slot->size);
  return Answer::Reply;
}

Result<> Session::read_whole(ThreadId thread, RegisterNumber number, std::vector<std::uint8_t>& out) {
  const auto* slot = registers_->find(number);
  if (slot == nullptr) return fail(fmt::format("there is no register {}", number.value));
  out.resize(slot->size);
  return target_.read_register(thread, number, out);
}

// Only registers that change are written: others may be read-only.
Result<> Session::write_all(ThreadId thread, Bytes bytes) {
  std::vector<std::uint8_t> present;
  for (std::uint32_t i = 0; const auto& slot : registers_->slots()) {
    const RegisterNumber number{i++};
    if (slot.offset + slot.size > bytes.size()) break;
    const Bytes wanted = bytes.subspan(slot.offset, slot.size);
    if (read_whole(thread, number, present) && std::ranges::equal(present, wanted)) continue;
    if (auto written = target_.write_register(thread, number, wanted); !written) return written;
  }
  return {};
}

Session::Handled Session::handle(const command::WriteRegisters& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto ends_here = [&](const auto& slot) { return slot.offset + slot.size == command.bytes.size(); };
  if (std::ranges::none_of(registers_->slots(), ends_here)) return fail("the registers do not have this length");
  return result(reply, write_all(*thread, command.bytes));
}

Session::Handled Session::handle(const command::ReadRegister& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  std::vector<std::uint8_t> value;
  if (auto read = read_whole(*thread, command.number, value); !read) return std::unexpected(read.error());
  reply.hex(value);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::WriteRegister& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto* slot = registers_->find(command.number);
  if (slot == nullptr) return fail(fmt::format("there is no register {}", command.number.value));
  if (slot->size != command.bytes.size()) {
    return fail(
        fmt::format("register {} has {} bytes, not {}", slot->description->name, slot->size, command.bytes.size()));
  }
  return result(reply, target_.write_register(*thread, command.number, command.bytes));
}

// The states are kept for this client; the oldest gives way to a new one beyond a limit.
Session::Handled Session::handle(const command::SaveRegisters& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  std::vector<std::uint8_t> state(registers_->total());
  for (std::uint32_t i = 0; const auto& slot : registers_->slots()) {
    const auto into = MutableBytes(state).subspan(slot.offset, slot.size);
    if (auto read = target_.read_register(*thread, {i++}, into); !read) return std::unexpected(read.error());
  }
  if (saved_registers_.size() >= most_saved_states) saved_registers_.erase(saved_registers_.begin());
  saved_registers_.emplace(next_save_, std::move(state));
  reply.format("{}", next_save_++);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::RestoreRegisters& command, Reply& reply) {
  if (const auto stopped = require_stopped(); !stopped) return std::unexpected(stopped.error());
  const auto thread = resolve(command.thread);
  if (!thread) return std::unexpected(thread.error());
  const auto saved = saved_registers_.find(command.id);
  if (saved == saved_registers_.end()) return fail(fmt::format("there is no register state {}", command.id));
  const Result<> written = write_all(*thread, saved->second);
  saved_registers_.erase(saved);
  return result(reply, written);
}

}  // namespace gdbstub
