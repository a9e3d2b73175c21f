// Table-driven conversion between bytes and hex digits.
#include "gdbstub/wire/hex.h"

#include <array>

namespace gdbstub {
namespace {

constexpr std::string_view digits_of = "0123456789abcdef";

constexpr auto encode_table = [] {
  std::array<std::array<char, 2>, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {digits_of[i >> 4], digits_of[i & 15]};
  return table;
}();

constexpr auto decode_table = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return table;
}();

}  // namespace

int hex_digit(char c) noexcept { return decode_table[static_cast<std::uint8_t>(c)]; }

void write_hex(char* digits, Bytes source) noexcept {
  for (const std::uint8_t byte : source) {
    const auto pair = encode_table[byte];
    *digits++ = pair[0];
    *digits++ = pair[1];
  }
}

void append_hex(std::string& out, Bytes bytes) {
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  write_hex(out.data() + start, bytes);
}

void append_hex(std::string& out, std::string_view text) {
  append_hex(out, Bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::optional<std::uint64_t> parse_hex(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || value >> 60 != 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(digit);
  }
  return value;
}

std::optional<Bytes> decode_hex(std::span<char> digits) noexcept {
  if (digits.size() % 2 != 0) return std::nullopt;
  int bad = 0;
  for (std::size_t i = 0; i < digits.size() / 2; ++i) {
    const int high = hex_digit(digits[2 * i]);
    const int low = hex_digit(digits[2 * i + 1]);
    bad |= high | low;  // -1 keeps the sign bit set
    digits[i] = static_cast<char>((high & 15) << 4 | (low & 15));
  }
  if (bad < 0) return std::nullopt;
  return Bytes{reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size() / 2};
}

}  // namespace gdbstub
