// The decoder is a state machine over bytes; the encoder works in place on the output buffer.
#include "gdbstub/wire/framing.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "gdbstub/wire/hex.h"

namespace gdbstub {

std::optional<WireEvent> Decoder::next(Bytes& input) {
  while (!input.empty()) {
    if (state_ == State::Payload || state_ == State::Escape) {
      take_payload(input);
      continue;
    }
    const std::uint8_t byte = input.front();
    input = input.subspan(1);
    auto event = state_ == State::Idle ? take_idle(byte) : take_checksum(byte);
    if (event) return event;
  }
  return std::nullopt;
}

void Decoder::reset() {
  state_ = State::Idle;
  payload_.clear();
  payload_.shrink_to_fit();
}

void Decoder::begin() {
  payload_.clear();
  length_ = 0;
  sum_ = 0;
  corrupt_ = false;
  state_ = State::Payload;
}

std::optional<WireEvent> Decoder::take_idle(std::uint8_t byte) {
  switch (byte) {
    case '$':
      begin();
      return std::nullopt;
    case '+':
      return wire::Ack{};
    case '-':
      return wire::Nack{};
    case 0x03:
      return wire::Interrupt{};
    default:
      return std::nullopt;
  }
}

// Plain stretches are the bulk of a memory write, so they are appended whole.
void Decoder::take_payload(Bytes& input) {
  const auto plain = [](std::uint8_t b) { return b != '#' && b != '$' && b != '}'; };
  if (state_ == State::Payload) {
    const auto stop = std::find_if_not(input.begin(), input.end(), plain);
    const auto count = static_cast<std::size_t>(stop - input.begin());
    const std::size_t room = limit_ - std::min(limit_, length_);
    payload_.append(reinterpret_cast<const char*>(input.data()), std::min(count, room));
    sum_ = std::accumulate(input.begin(), stop, sum_);
    length_ += count;
    input = input.subspan(count);
    if (input.empty()) return;
  }
  const char c = static_cast<char>(input.front());
  input = input.subspan(1);
  if (c == '$') return begin();
  if (c == '#') return end_of_payload();
  keep(c);
}

void Decoder::keep(char c) {
  sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(c));
  ++length_;
  if (state_ == State::Payload) {  // c is the escape character
    state_ = State::Escape;
    return;
  }
  state_ = State::Payload;
  if (length_ <= limit_) payload_.push_back(static_cast<char>(c ^ 0x20));
}

void Decoder::end_of_payload() {
  corrupt_ = state_ == State::Escape;
  state_ = State::ChecksumHigh;
}

std::optional<WireEvent> Decoder::take_checksum(std::uint8_t byte) {
  if (byte == '$') {
    begin();
    return std::nullopt;
  }
  const int digit = hex_digit(static_cast<char>(byte));
  corrupt_ |= digit < 0;
  if (state_ == State::ChecksumHigh) {
    checksum_high_ = digit;
    state_ = State::ChecksumLow;
    return std::nullopt;
  }
  state_ = State::Idle;
  if (corrupt_ || (checksum_high_ << 4 | digit) != sum_) return wire::BadChecksum{};
  if (length_ > limit_) return wire::Oversize{};
  return wire::Packet{payload_};
}

namespace {

constexpr std::size_t shortest_run = 4;  // "aaaa" -> "a* "
constexpr std::size_t longest_run = 98;  // one character and 97 repeats: the count character is then '~'

// The largest run not above `length` whose count character no client could take for something else: a frame character,
// an ack, an escape.
std::size_t encodable_run(std::size_t length) {
  length = std::min(length, longest_run);
  const auto forbidden = [](std::size_t n) {
    const auto count = static_cast<char>(n - 1 + 29);
    return std::string_view("$#+-*}").find(count) != std::string_view::npos;
  };
  while (forbidden(length)) --length;
  return length;
}

// Replaces runs in [begin, end) in place and returns the new end.
char* shorten_runs(char* const begin, char* const end) {
  char* write = begin;    // everything before is done
  char* literal = begin;  // start of what has not been copied to `write` yet
  char* at = begin;
  const auto flush = [&](char* to) {
    const auto count = static_cast<std::size_t>(to - literal);
    if (write != literal) std::memmove(write, literal, count);
    write += count;
  };
  while (end - at >= static_cast<std::ptrdiff_t>(shortest_run)) {
    // Any run of four that starts at `at`, or one or two later, has these two in it.
    if (at[2] != at[3]) {
      at += 3;
      continue;
    }
    // The byte after an escape character stands for another one: clients that expand both in one pass would repeat
    // that.
    const bool escaped = at != begin && at[-1] == '}';
    if (escaped || at[0] != at[1] || at[1] != at[2]) {
      ++at;
      continue;
    }
    const char* stop =
        std::find_if(at + shortest_run, std::min(end, at + longest_run), [&](char c) { return c != *at; });
    const std::size_t run = encodable_run(static_cast<std::size_t>(stop - at));
    flush(at + 1);
    *write++ = '*';
    *write++ = static_cast<char>(run - 1 + 29);
    at += run;
    literal = at;
  }
  flush(end);
  return write;
}

}  // namespace

void finish_packet(std::string& out, std::size_t start) {
  char* const payload = out.data() + start + 1;
  char* const end = shorten_runs(payload, out.data() + out.size());
  unsigned sum = 0;
  for (const char* p = payload; p != end; ++p) sum += static_cast<std::uint8_t>(*p);
  out.resize(static_cast<std::size_t>(end - out.data()));
  const auto checksum = static_cast<std::uint8_t>(sum);
  out += '#';
  append_hex(out, Bytes{&checksum, 1});
}

std::string encode(std::string_view payload) {
  std::string out = "$";
  for (const char c : payload) {
    const bool escape = needs_escape(static_cast<std::uint8_t>(c));
    if (escape) out += '}';
    out += escape ? static_cast<char>(c ^ 0x20) : c;
  }
  finish_packet(out, 0);
  return out;
}

}  // namespace gdbstub
