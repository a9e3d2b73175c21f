// qSearch:memory and qCRC: packets that go through any amount of memory.
#include <algorithm>
#include <cstring>
#include <vector>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/memory_range.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/wire/crc32.h"

namespace gdbstub {
namespace {

constexpr std::size_t piece_size = 256 * 1024;

Result<> read_fully(Conversation& c, Address address, MutableBytes out) {
  const ThreadId thread = general_thread(c);
  while (!out.empty()) {
    const auto read = c.target.read_memory(thread, address, out);
    if (!read) return std::unexpected(read.error());
    if (*read == 0) return fail(fmt::format("nothing can be read at {}", address));
    address = address + *read;
    out = out.subspan(*read);
  }
  return {};
}

}  // namespace

// Piece by piece, each beginning with the tail of the one before, where a match may have begun.
Handled handle(Conversation& c, const command::SearchMemory& command, Reply& reply) {
  const std::size_t overlap = command.pattern.size() - 1;
  std::vector<std::uint8_t> buffer(overlap + piece_size);
  std::uint64_t left = bounded_length(command.address, command.length);
  Address at = command.address;  // of buffer[0]
  std::size_t kept = 0;
  while (left > 0) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size() - kept));
    const auto read = read_fully(c, at + kept, MutableBytes(buffer).subspan(kept, size));
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

Handled handle(Conversation& c, const command::ChecksumMemory& command, Reply& reply) {
  std::uint64_t left = bounded_length(command.address, command.length);
  std::vector<std::uint8_t> buffer(std::min<std::uint64_t>(left, piece_size));
  std::uint32_t crc = crc32_start;
  for (Address at = command.address; left > 0;) {
    const auto piece = MutableBytes(buffer).first(std::min<std::uint64_t>(left, buffer.size()));
    if (auto read = read_fully(c, at, piece); !read) return std::unexpected(read.error());
    crc = crc32_update(crc, piece);
    at = at + piece.size();
    left -= piece.size();
  }
  reply.format("C{:x}", crc);
  return Answer::Reply;
}

}  // namespace gdbstub
