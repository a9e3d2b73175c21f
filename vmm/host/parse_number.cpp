// std::from_chars over the whole of a text.
#include "vmm/host/parse_number.h"

#include <cctype>
#include <charconv>

namespace gdbvm {

std::optional<std::uint64_t> parse_digits(std::string_view text, int base) {
  std::uint64_t value = 0;
  const char* const first = text.data();
  const char* const last = first + text.size();
  const auto [end, error] = std::from_chars(first, last, value, base);
  return error == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  return hex ? parse_digits(text.substr(2), 16) : parse_digits(text, 10);
}

std::expected<std::uint64_t, SizeError> parse_size(std::string_view text, std::uint64_t unit, std::uint64_t max) {
  constexpr std::string_view letters = "KMGT";
  if (!text.empty()) {
    const auto letter = letters.find(static_cast<char>(std::toupper(static_cast<unsigned char>(text.back()))));
    if (letter != letters.npos) {
      unit = std::uint64_t{1} << 10 * (letter + 1);
      text.remove_suffix(1);
    }
  }
  const bool all_digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!all_digits) return std::unexpected(SizeError::NotASize);
  const auto number = parse_digits(text, 10);
  if (!number || *number > max / unit) return std::unexpected(SizeError::TooLarge);
  return *number * unit;
}

}  // namespace gdbvm
