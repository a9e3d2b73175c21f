// Hexadecimal as the protocol writes it: lower case going out, either case coming in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gdbstub/types.h"

namespace gdbstub {

// The value of one hex digit, or -1.
int hex_digit(char c) noexcept;

// Two digits for each byte, in the order of the bytes.
void append_hex(std::string& out, Bytes bytes);
void append_hex(std::string& out, std::string_view text);

// Writes 2 * source.size() digits. `digits` may overlap `source` if it starts early enough that no byte is overwritten
// before it is read: digits == source.data() - source.size() is the tightest.
void write_hex(char* digits, Bytes source) noexcept;

// A number of 1 to 16 digits, leading zeros not counted; nothing else in the text.
std::optional<std::uint64_t> parse_hex(std::string_view text) noexcept;

// Decodes in place: the bytes replace the front half of their digits. Fails on an odd count or a non-digit, by then
// the digits may be lost.
std::optional<Bytes> decode_hex(std::span<char> digits) noexcept;

}  // namespace gdbstub
