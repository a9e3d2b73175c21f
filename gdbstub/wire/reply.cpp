// Writing a packet's payload: hex, escaped binary, and large replies expanded in place.
#include "gdbstub/wire/reply.h"

#include <algorithm>

#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/hex.h"

namespace gdbstub {

Reply::Reply(std::string& out, Lead lead) : out_(out), lead_(lead) { restart(); }

void Reply::sentence(std::string_view text) {
  for (const char c : text) {
    const bool printable = c >= 0x20 && c < 0x7f;
    out_ += printable && !needs_escape(static_cast<std::uint8_t>(c)) ? c : '_';
  }
}

void Reply::hex(Bytes bytes) { append_hex(out_, bytes); }
void Reply::hex(std::string_view text) { append_hex(out_, text); }

void Reply::binary(Bytes bytes) {
  const MutableBytes room = stage(bytes.size());
  std::copy(bytes.begin(), bytes.end(), room.begin());
  commit_binary(bytes.size());
}

void Reply::binary(std::string_view text) {
  binary(Bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Reply::uninitialized_resize(std::size_t size) {
  out_.resize_and_overwrite(size, [](char*, std::size_t n) { return n; });
}

// The bytes are put into the upper half of the room that their expansion may need, which then grows over them from
// below: the expansion of i bytes ends at 2i, never beyond the next unread byte at size + i.
MutableBytes Reply::stage(std::size_t size) {
  staged_at_ = out_.size();
  staged_ = size;
  uninitialized_resize(staged_at_ + 2 * size);
  return {reinterpret_cast<std::uint8_t*>(out_.data()) + staged_at_ + size, size};
}

void Reply::commit_hex(std::size_t used) {
  char* const digits = out_.data() + staged_at_;
  write_hex(digits, Bytes{reinterpret_cast<const std::uint8_t*>(digits) + staged_, used});
  out_.resize(staged_at_ + 2 * used);
}

void Reply::commit_binary(std::size_t used) {
  char* write = out_.data() + staged_at_;
  const char* const source = write + staged_;
  for (std::size_t i = 0; i < used; ++i) {
    const char c = source[i];
    const bool escape = needs_escape(static_cast<std::uint8_t>(c));
    if (escape) *write++ = '}';
    *write++ = escape ? static_cast<char>(c ^ 0x20) : c;
  }
  out_.resize(static_cast<std::size_t>(write - out_.data()));
}

void Reply::blank_hex(std::size_t total, std::size_t offset, std::size_t size) {
  const std::size_t first = out_.size() - 2 * total + 2 * offset;
  std::fill_n(out_.begin() + static_cast<std::ptrdiff_t>(first), 2 * size, 'x');
}

void Reply::restart() {
  start_ = out_.size();
  out_ += static_cast<char>(lead_);
}

std::string_view Reply::finish() {
  finish_packet(out_, start_);
  return std::string_view(out_).substr(start_);
}

}  // namespace gdbstub
