// The characters of a PC's display, code page 437, in UTF-8.
#pragma once

#include <cstdint>
#include <string_view>

namespace gdbvm::vga {

// Control characters are the pictures that a VGA has for them; 0 and 255 are blanks.
std::string_view utf8_of_437(std::uint8_t character);
constexpr bool is_blank_437(std::uint8_t character) { return character == 0 || character == ' ' || character == 0xff; }

}  // namespace gdbvm::vga
