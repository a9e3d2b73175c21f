// qSearch:memory and qCRC: packets that go through any amount of memory.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "gdbstub/piece.h"
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/memory_range.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/session/trace_frames.h"
#include "gdbstub/wire/crc32.h"

namespace gdbstub {
namespace {

constexpr std::size_t step_size = 256 * 1024;  // looked at between two glances at the clock

Result<> read_fully(Conversation& c, ThreadId thread, Address address, MutableBytes out) {
  while (!out.empty()) {
    const auto read = c.target.read_memory(thread, address, out);
    if (!read) return std::unexpected(read.error());
    if (*read == 0) return fail(fmt::format("nothing can be read at {}", address));
    address = address + *read;
    out = out.subspan(*read);
  }
  return {};
}

// Each step begins with the tail of the one before, where a match may have begun.
class MemorySearch final : public Work {
 public:
  MemorySearch(ThreadId thread, const command::SearchMemory& command)
      : thread_(thread),
        pattern_(command.pattern.begin(), command.pattern.end()),
        buffer_(pattern_.size() - 1 + step_size),
        at_(command.address),
        left_(bounded_length(command.address, command.length)) {}

  Handled proceed(Conversation& c, Reply& reply) override {
    for (const PieceTimer timer; left_ > 0;) {
      if (timer.is_up()) return Answer::Unfinished;
      const auto found = step(c);
      if (!found) return std::unexpected(found.error());
      if (*found) {
        reply.format("1,{:x}", (*found)->value);
        return Answer::Reply;
      }
    }
    reply.text("0");
    return Answer::Reply;
  }

 private:
  Result<std::optional<Address>> step(Conversation& c) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_.size() - kept_));
    const auto read = read_fully(c, thread_, at_ + kept_, MutableBytes(buffer_).subspan(kept_, size));
    if (!read) return std::unexpected(read.error());
    const std::size_t filled = kept_ + size;
    if (const void* found = memmem(buffer_.data(), filled, pattern_.data(), pattern_.size()); found != nullptr) {
      return at_ + static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - buffer_.data());
    }
    left_ -= size;
    kept_ = std::min(pattern_.size() - 1, filled);
    std::memmove(buffer_.data(), buffer_.data() + filled - kept_, kept_);
    at_ = at_ + (filled - kept_);
    return std::nullopt;
  }

  ThreadId thread_;
  std::vector<std::uint8_t> pattern_;
  std::vector<std::uint8_t> buffer_;
  Address at_;  // of buffer_[0]
  std::uint64_t left_;
  std::size_t kept_ = 0;
};

class MemoryChecksum final : public Work {
 public:
  MemoryChecksum(ThreadId thread, const command::ChecksumMemory& command)
      : thread_(thread), at_(command.address), left_(bounded_length(command.address, command.length)) {}

  Handled proceed(Conversation& c, Reply& reply) override {
    for (const PieceTimer timer; left_ > 0;) {
      if (timer.is_up()) return Answer::Unfinished;
      const auto bytes = MutableBytes(buffer_).first(std::min<std::uint64_t>(left_, buffer_.size()));
      if (auto read = read_fully(c, thread_, at_, bytes); !read) return std::unexpected(read.error());
      crc_ = crc32_update(crc_, bytes);
      at_ = at_ + bytes.size();
      left_ -= bytes.size();
    }
    reply.format("C{:x}", crc_);
    return Answer::Reply;
  }

 private:
  ThreadId thread_;
  Address at_;
  std::uint64_t left_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(step_size);
  std::uint32_t crc_ = crc32_start;
};

}  // namespace

Handled handle(Conversation& c, const command::SearchMemory& command, Reply& reply) {
  if (auto live = require_no_frame(c); !live) return std::unexpected(live.error());
  return begin(c, std::make_unique<MemorySearch>(general_thread(c), command), reply);
}

Handled handle(Conversation& c, const command::ChecksumMemory& command, Reply& reply) {
  if (auto live = require_no_frame(c); !live) return std::unexpected(live.error());
  return begin(c, std::make_unique<MemoryChecksum>(general_thread(c), command), reply);
}

}  // namespace gdbstub
