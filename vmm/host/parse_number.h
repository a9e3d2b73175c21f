// Numbers as people and files write them. nullopt wherever the text is anything else than one number that fits.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace gdbvm {

// Digits of the base from the first character to the last: no sign, no prefix, no blanks.
std::optional<std::uint64_t> parse_digits(std::string_view text, int base);
// Decimal, or hexadecimal with 0x.
std::optional<std::uint64_t> parse_number(std::string_view text);

// "256M" in bytes: decimal digits and K, M, G or T of either case; `unit` bytes where there is no letter.
enum class SizeError { NotASize, TooLarge };
std::expected<std::uint64_t, SizeError> parse_size(std::string_view text, std::uint64_t unit, std::uint64_t max);

}  // namespace gdbvm
