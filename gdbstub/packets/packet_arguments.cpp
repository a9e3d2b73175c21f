// Reading numbers, thread ids and delimited parts of a packet, all bounds-checked.
#include "gdbstub/packets/packet_arguments.h"

#include <algorithm>

#include "gdbstub/wire/hex.h"

namespace gdbstub {

bool PacketArguments::take(std::string_view literal) {
  if (!text().starts_with(literal)) return false;
  rest_ = rest_.subspan(literal.size());
  return true;
}

std::string_view PacketArguments::take_digits() {
  const auto is_digit = [](char c) { return hex_digit(c) >= 0; };
  const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
  const std::string_view digits = text().substr(0, static_cast<std::size_t>(end - rest_.begin()));
  rest_ = rest_.subspan(digits.size());
  return digits;
}

std::optional<std::uint64_t> PacketArguments::take_hex() {
  PacketArguments ahead = *this;
  const auto value = parse_hex(ahead.take_digits());
  if (value) *this = ahead;
  return value;
}

std::optional<Address> PacketArguments::take_address() {
  const auto value = take_hex();
  return value ? std::optional(Address{*value}) : std::nullopt;
}

std::optional<PacketArguments::Range> PacketArguments::take_range() {
  PacketArguments ahead = *this;
  const auto address = ahead.take_address();
  if (!address || !ahead.take(",")) return std::nullopt;
  const auto length = ahead.take_hex();
  if (!length) return std::nullopt;
  *this = ahead;
  return Range{*address, *length};
}

std::optional<Bytes> PacketArguments::take_counted_bytes() {
  PacketArguments ahead = *this;
  const auto length = ahead.take_hex();
  if (!length || !ahead.take(",") || *length > ahead.rest_.size() / 2) return std::nullopt;
  const auto digits = ahead.take_count(*length * 2);
  const auto bytes = digits ? decode_hex(*digits) : std::nullopt;
  if (bytes) *this = ahead;
  return bytes;
}

std::optional<std::uint64_t> PacketArguments::take_decimal() {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - rest_.begin());
  if (count == 0 || count > 9) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : rest_.first(count)) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  rest_ = rest_.subspan(count);
  return value;
}

// `p1.2`, `p1` (all of process 1), `2`. The process must be ours: 1, any (0) or all (-1).
std::optional<ThreadSelector> PacketArguments::take_thread() {
  PacketArguments ahead = *this;
  if (ahead.take("p")) {
    if (!ahead.take("-1")) {
      const auto process = ahead.take_hex();
      if (!process || *process > 1) return std::nullopt;
    }
    if (!ahead.take(".")) {
      *this = ahead;
      return ThreadSelector{ThreadSelector::Kind::All, {}};
    }
  }
  ThreadSelector selector{ThreadSelector::Kind::All, {}};
  if (!ahead.take("-1")) {
    const auto id = ahead.take_hex();
    if (!id || *id > UINT32_MAX) return std::nullopt;
    if (*id == 0) selector.kind = ThreadSelector::Kind::Any;
    if (*id != 0) selector = {ThreadSelector::Kind::One, {static_cast<std::uint32_t>(*id)}};
  }
  *this = ahead;
  return selector;
}

std::optional<Signal> PacketArguments::take_signal() {
  if (rest_.size() < 2) return std::nullopt;
  const auto value = parse_hex(text().substr(0, 2));
  if (!value) return std::nullopt;
  rest_ = rest_.subspan(2);
  return static_cast<Signal>(*value);
}

std::span<char> PacketArguments::take_until(char delimiter) {
  const auto end = std::find(rest_.begin(), rest_.end(), delimiter);
  const auto count = static_cast<std::size_t>(end - rest_.begin());
  const auto part = rest_.first(count);
  rest_ = rest_.subspan(std::min(count + 1, rest_.size()));
  return part;
}

std::optional<std::span<char>> PacketArguments::take_count(std::uint64_t count) {
  if (count > rest_.size()) return std::nullopt;
  const auto part = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(static_cast<std::size_t>(count));
  return part;
}

std::optional<ThreadSelector> PacketArguments::cut_thread_suffix() {
  const auto at = text().rfind("thread:");
  if (at == std::string_view::npos) return std::nullopt;
  PacketArguments suffix(rest_.subspan(at));
  suffix.take("thread:");
  const auto thread = suffix.take_thread();
  if (!thread || !(suffix.empty() || suffix.text() == ";")) return std::nullopt;
  rest_ = rest_.first(at > 0 && rest_[at - 1] == ';' ? at - 1 : at);
  return thread;
}

}  // namespace gdbstub
