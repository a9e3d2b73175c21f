// A VGA's own font, for guests that have loaded none.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm::vga {

inline constexpr unsigned own_font_rows = 16;
// Of each of 256 characters the rows from the top on, a byte each: the highest bit is the leftmost pixel.
std::span<const std::uint8_t> own_font();

}  // namespace gdbvm::vga
