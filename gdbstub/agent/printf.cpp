// Takes a format apart into conversions and builds a safe one of each for snprintf.
#include "gdbstub/agent/printf.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace gdbstub {
namespace {

constexpr unsigned widest = 1024;
constexpr std::size_t longest_string = 4096;

struct Conversion {
  std::string flags;
  std::optional<unsigned> width;
  std::optional<unsigned> precision;
  unsigned bits = 32;  // of an integer argument
  char letter = 0;
};

std::optional<unsigned> take_number(std::string_view& text) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  unsigned value = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
    value = std::min(value * 10 + static_cast<unsigned>(text[0] - '0'), widest);
  }
  return value;
}

bool take(std::string_view& text, std::string_view literal) {
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

unsigned take_length(std::string_view& text) {
  if (take(text, "hh")) return 8;
  if (take(text, "h")) return 16;
  if (take(text, "ll") || take(text, "l") || take(text, "j") || take(text, "z") || take(text, "t")) return 64;
  return 32;
}

// What follows a `%`.
Conversion take_conversion(std::string_view& text) {
  Conversion conversion;
  while (!text.empty() && std::string_view("-+ #0").find(text[0]) != std::string_view::npos) {
    if (conversion.flags.find(text[0]) == std::string::npos) conversion.flags += text[0];
    text.remove_prefix(1);
  }
  conversion.width = take_number(text);
  if (take(text, ".")) conversion.precision = take_number(text).value_or(0);
  conversion.bits = take_length(text);
  if (text.empty()) return conversion;
  conversion.letter = text[0];
  text.remove_prefix(1);
  return conversion;
}

std::string specification(const Conversion& conversion, std::string_view length_and_letter) {
  std::string text = "%" + conversion.flags;
  if (conversion.width) text += fmt::format("{}", *conversion.width);
  if (conversion.precision) text += fmt::format(".{}", *conversion.precision);
  return text.append(length_and_letter);
}

template <class T>
std::string print(const std::string& format, T value) {
  std::array<char, widest * 2 + 64> buffer;
  const int count = std::snprintf(buffer.data(), buffer.size(), format.c_str(), value);
  return {buffer.data(), static_cast<std::size_t>(std::clamp(count, 0, static_cast<int>(buffer.size()) - 1))};
}

std::uint64_t truncated(std::uint64_t value, unsigned bits) {
  return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}
std::int64_t sign_extended(std::uint64_t value, unsigned bits) {
  return static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits);
}

// Up to its NUL, in pieces that never cross into the next 64 bytes, which may not be readable.
Result<std::string> read_string(Address address, HitContext& context) {
  std::string text;
  while (text.size() < longest_string) {
    std::array<std::uint8_t, 64> piece;
    const auto room = MutableBytes(piece).first(piece.size() - address.value % piece.size());
    if (auto read = context.read_memory(address, room); !read) return std::unexpected(read.error());
    const auto end = std::find(room.begin(), room.end(), 0);
    text.append(room.begin(), end);
    if (end != room.end()) break;
    address = address + room.size();
  }
  return text;
}

// The client sends the format as its user wrote it, in C's escapes.
std::string without_escapes(std::string_view text) {
  static constexpr std::string_view letters = "abefnrtv";
  static constexpr std::string_view meanings = "\a\b\x1b\f\n\r\t\v";
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) {
      out += c;
      continue;
    }
    int value = 0;
    int digits = 0;
    for (; digits < 3 && !text.empty() && is_octal(text.front()); ++digits, text.remove_prefix(1)) {
      value = value * 8 + (text.front() - '0');
    }
    const std::size_t letter = digits > 0 ? std::string_view::npos : letters.find(text.front());
    out += digits > 0 ? static_cast<char>(value) : letter < letters.size() ? meanings[letter] : text.front();
    if (digits == 0) text.remove_prefix(1);
  }
  return out;
}

Result<std::string> print_string(const Conversion& conversion, std::uint64_t argument, HitContext& context) {
  auto text = read_string({argument}, context);
  if (!text) return text;
  if (conversion.precision) text->resize(std::min<std::size_t>(text->size(), *conversion.precision));
  const std::size_t padding =
      conversion.width.value_or(0) - std::min<std::size_t>(conversion.width.value_or(0), text->size());
  const bool left = conversion.flags.find('-') != std::string::npos;
  text->insert(left ? text->size() : 0, padding, ' ');
  return text;
}

Result<std::string> print_one(const Conversion& conversion, std::uint64_t argument, HitContext& context) {
  switch (conversion.letter) {
    case 'd':
    case 'i':
      return print(specification(conversion, "lld"), static_cast<long long>(sign_extended(argument, conversion.bits)));
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return print(specification(conversion, std::string("ll") + conversion.letter),
                   static_cast<unsigned long long>(truncated(argument, conversion.bits)));
    case 'c':
      return print(specification({conversion.flags, conversion.width, {}, 32, 'c'}, "c"),
                   static_cast<int>(argument & 255));
    case 'p':
      return fmt::format("{:#x}", argument);
    case 's':
      return print_string(conversion, argument, context);
    default:
      return fail("the format has a conversion that is not supported");
  }
}

}  // namespace

Result<std::string> agent_printf(std::string_view raw_format, std::span<const std::uint64_t> arguments,
                                 HitContext& context) {
  const std::string unescaped = without_escapes(raw_format);
  std::string_view format = unescaped;
  std::string out;
  while (!format.empty()) {
    const std::size_t plain = std::min(format.find('%'), format.size());
    out += format.substr(0, plain);
    format.remove_prefix(plain);
    if (!take(format, "%")) break;
    if (take(format, "%")) {
      out += '%';
      continue;
    }
    if (arguments.empty()) return fail("the format wants more arguments than there are");
    const auto text = print_one(take_conversion(format), arguments.front(), context);
    if (!text) return text;
    out += *text;
    arguments = arguments.subspan(1);
  }
  return out;
}

}  // namespace gdbstub
