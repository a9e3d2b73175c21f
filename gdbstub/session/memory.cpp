// m M X x, MultiMemRead, qSearch:memory, qCRC, qMemoryRegionInfo.
#include <algorithm>
#include <cstring>

#include "gdbstub/session/session.h"
#include "gdbstub/wire/crc32.h"

namespace gdbstub {
namespace {

constexpr std::size_t piece_size = 256 * 1024;

// The longest read whose reply fits a packet.
constexpr std::size_t most_as_hex = packet_size / 2;
constexpr std::size_t most_as_binary = packet_size / 2;  // each byte may need an escape

// Past the end of the address space lies nothing.
std::uint64_t bounded(Address start, std::uint64_t length) {
  const std::uint64_t to_end = 0 - start.value;  // 0: all of it
  return to_end == 0 ? length : std::min(length, to_end);
}

}  // namespace

Session::Handled Session::handle(const command::ReadMemory& command, Reply& reply) {
  const auto size = std::min<std::uint64_t>(bounded(command.address, command.length), most_as_hex);
  if (size == 0) return fail("nothing is to be read");  // an empty reply would say that m is not supported
  const auto read = target_.read_memory(general_thread(), command.address, reply.stage(size));
  if (!read) return std::unexpected(read.error());
  reply.commit_hex(*read);
  return Answer::Reply;
}

// LLDB: raw bytes, and `x0,0` asks whether the packet is known. GDB (binary-upload+): `b` and the bytes.
Session::Handled Session::handle(const command::ReadMemoryBinary& command, Reply& reply) {
  if (client_.lldb && command.length == 0) return ok(reply);
  if (!client_.lldb) reply.text("b");
  const auto size = std::min<std::uint64_t>(bounded(command.address, command.length), most_as_binary);
  if (size == 0) return Answer::Reply;
  const auto read = target_.read_memory(general_thread(), command.address, reply.stage(size));
  if (!read) return std::unexpected(read.error());
  reply.commit_binary(*read);
  return Answer::Reply;
}

// LLDB: how much each range has, then the bytes of all. What does not fit the packet any more reads nothing.
Session::Handled Session::handle(const command::ReadMemoryRanges& command, Reply& reply) {
  const std::size_t for_lengths = std::min(packet_size, 8 * command.ranges.size());
  std::size_t room = (packet_size - for_lengths) / 2;
  const ThreadId thread = general_thread();
  std::vector<std::uint8_t> bytes;
  for (const auto& range : command.ranges) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bounded(range.address, range.length), room));
    const std::size_t start = bytes.size();
    bytes.resize(start + size);
    const auto out = MutableBytes(bytes).subspan(start);
    const std::size_t count = out.empty() ? 0 : target_.read_memory(thread, range.address, out).value_or(0);
    bytes.resize(start + count);
    room -= count;
    reply.format("{}{:x}", &range == &command.ranges.front() ? "" : ",", count);
  }
  reply.text(";");
  reply.binary(bytes);
  return Answer::Reply;
}

// Zero bytes is how GDB asks whether X is supported.
Session::Handled Session::handle(const command::WriteMemory& command, Reply& reply) {
  if (command.bytes.empty()) return ok(reply);
  if (bounded(command.address, command.bytes.size()) != command.bytes.size()) {
    return fail("the write goes beyond the end of the address space");
  }
  return result(reply, target_.write_memory(general_thread(), command.address, command.bytes));
}

Result<> Session::read_fully(Address address, MutableBytes out) {
  const ThreadId thread = general_thread();
  while (!out.empty()) {
    const auto read = target_.read_memory(thread, address, out);
    if (!read) return std::unexpected(read.error());
    if (*read == 0) return fail(fmt::format("nothing can be read at {}", address));
    address = address + *read;
    out = out.subspan(*read);
  }
  return {};
}

// Piece by piece, each beginning with the tail of the one before, where a match may have begun.
Session::Handled Session::handle(const command::SearchMemory& command, Reply& reply) {
  const std::size_t overlap = command.pattern.size() - 1;
  std::vector<std::uint8_t> buffer(overlap + piece_size);
  std::uint64_t left = bounded(command.address, command.length);
  Address at = command.address;  // of buffer[0]
  std::size_t kept = 0;
  while (left > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size() - kept));
    const auto read = read_fully(at + kept, MutableBytes(buffer).subspan(kept, size));
    if (!read) return std::unexpected(read.error());
    const std::size_t filled = kept + size;
    const void* found = memmem(buffer.data(), filled, command.pattern.data(), command.pattern.size());
    if (found != nullptr) {
      const auto offset = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - buffer.data());
      reply.format("1,{:x}", at.value + offset);
      return Answer::Reply;
    }
    left -= size;
    kept = std::min(overlap, filled);
    std::memmove(buffer.data(), buffer.data() + filled - kept, kept);
    at = at + (filled - kept);
  }
  reply.text("0");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::ChecksumMemory& command, Reply& reply) {
  std::uint64_t left = bounded(command.address, command.length);
  std::vector<std::uint8_t> buffer(std::min<std::uint64_t>(left, piece_size));
  std::uint32_t crc = crc32_start;
  for (Address at = command.address; left > 0;) {
    const auto piece = MutableBytes(buffer).first(std::min<std::uint64_t>(left, buffer.size()));
    if (auto read = read_fully(at, piece); !read) return std::unexpected(read.error());
    crc = crc32_update(crc, piece);
    at = at + piece.size();
    left -= piece.size();
  }
  reply.format("C{:x}", crc);
  return Answer::Reply;
}

// LLDB computes the end of a range and starts over when that is 0: the last byte of the address space is left out.
Session::Handled Session::handle(const command::MemoryRegionInfo& command, Reply& reply) {
  if (!command.address) return ok(reply);
  const AddressRange range = target_.address_space()->range_at(general_thread(), *command.address);
  const std::uint64_t length = std::min(range.length, ~std::uint64_t{0} - range.start.value);
  reply.format("start:{:x};size:{:x};", range.start.value, length);
  if (range.mapped) {
    reply.format("permissions:{}{}{};", range.readable ? "r" : "", range.writable ? "w" : "",
                 range.executable ? "x" : "");
  }
  return Answer::Reply;
}

}  // namespace gdbstub
