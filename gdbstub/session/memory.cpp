// m M X x, MultiMemRead, qMemoryRegionInfo.
#include <algorithm>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/memory_range.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/trace_frames.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

// The longest read whose reply fits a packet.
constexpr std::size_t max_as_hex = packet_size / 2;
constexpr std::size_t max_as_binary = packet_size / 2;  // each byte may need an escape

}  // namespace

Handled handle(Conversation& c, const command::ReadMemory& command, Reply& reply) {
  const auto size = std::min<std::uint64_t>(bounded_length(command.address, command.length), max_as_hex);
  if (size == 0)
    return fail("the length is zero: there is nothing to read");  // an empty reply would say that m is not supported
  const auto read = read_present_memory(c, command.address, reply.stage(size));
  if (!read) return std::unexpected(read.error());
  reply.commit_hex(*read);
  return Answer::Reply;
}

// LLDB: raw bytes, and `x0,0` asks whether the packet is known. GDB (binary-upload+): `b` and the bytes.
Handled handle(Conversation& c, const command::ReadMemoryBinary& command, Reply& reply) {
  if (c.client.dialect.lldb && command.length == 0) return ok(reply);
  if (!c.client.dialect.lldb) reply.text("b");
  const auto size = std::min<std::uint64_t>(bounded_length(command.address, command.length), max_as_binary);
  if (size == 0) return Answer::Reply;
  const auto read = read_present_memory(c, command.address, reply.stage(size));
  if (!read) return std::unexpected(read.error());
  reply.commit_binary(*read);
  return Answer::Reply;
}

// LLDB: how much each range has, then the bytes of all. What does not fit the packet any more reads nothing.
Handled handle(Conversation& c, const command::ReadMemoryRanges& command, Reply& reply) {
  const std::size_t for_lengths = std::min(packet_size, 8 * command.ranges.size());
  std::size_t room = (packet_size - for_lengths) / 2;
  const ThreadId thread = general_thread(c);
  std::vector<std::uint8_t> bytes;
  for (const auto& range : command.ranges) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(bounded_length(range.address, range.length), room));
    const std::size_t start = bytes.size();
    bytes.resize(start + size);
    const auto out = MutableBytes(bytes).subspan(start);
    const std::size_t count = out.empty() ? 0 : c.target.read_memory(thread, range.address, out).value_or(0);
    bytes.resize(start + count);
    room -= count;
    reply.format("{}{:x}", &range == &command.ranges.front() ? "" : ",", count);
  }
  reply.text(";");
  reply.binary(bytes);
  return Answer::Reply;
}

// Zero bytes is how GDB asks whether X is supported.
Handled handle(Conversation& c, const command::WriteMemory& command, Reply& reply) {
  if (command.bytes.empty()) return ok(reply);
  if (auto live = require_no_frame(c); !live) return std::unexpected(live.error());
  if (bounded_length(command.address, command.bytes.size()) != command.bytes.size()) {
    return fail("the write goes beyond the end of the address space");
  }
  return result(reply, c.target.write_memory(general_thread(c), command.address, command.bytes));
}

// LLDB computes the end of a range and starts over when that is 0: the last byte of the address space is left out.
Handled handle(Conversation& c, const command::MemoryRegionInfo& command, Reply& reply) {
  if (!command.address) return ok(reply);
  const AddressRange range = c.target.address_space()->range_at(general_thread(c), *command.address);
  const std::uint64_t length = std::min(range.length, ~std::uint64_t{0} - range.start.value);
  reply.format("start:{:x};size:{:x};", range.start.value, length);
  if (range.mapped) {
    reply.format("permissions:{}{}{};", range.readable ? "r" : "", range.writable ? "w" : "",
                 range.executable ? "x" : "");
  }
  return Answer::Reply;
}

}  // namespace gdbstub
