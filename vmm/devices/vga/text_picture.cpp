#include "vmm/devices/vga/text_picture.h"

#include <algorithm>
#include <span>
#include <vector>

#include "vmm/devices/vga/colours.h"
#include "vmm/devices/vga/font.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"

namespace gdbvm::vga {

namespace {

constexpr unsigned characters = 256, loaded_rows = 32;  // each character of a loaded font has so many bytes
constexpr unsigned font_size = characters * loaded_rows;

struct Font {
  std::vector<std::uint8_t> bytes;  // a byte for each row of eight pixels
  unsigned rows;                    // in memory
  std::uint8_t row(std::uint8_t character, unsigned line) const {
    return line < rows ? bytes[std::size_t{character} * rows + line] : std::uint8_t{0};
  }
};

Font load_font(const GuestMemory& memory, unsigned number) {
  constexpr Gpa fonts{x86::layout::display_window};
  Font font{std::vector<std::uint8_t>(font_size), loaded_rows};
  memory.read_own(fonts + std::uint64_t{number} * font_size, font.bytes);
  const auto in_font = [](std::uint8_t byte) { return byte != 0; };
  if (std::ranges::any_of(font.bytes, in_font)) return font;
  const auto own = own_font();
  return {{own.begin(), own.end()}, own_font_rows};
}

// Which two of eight: for characters whose attribute has bit 3, and for the others.
struct Choice {
  unsigned bright, other;
};
Choice fonts_of(const Registers& r) {
  const unsigned map = r.sequencer[sequencer::character_map];
  return {.bright = (map >> 1 & 6) | (map >> 5 & 1), .other = (map << 1 & 6) | (map >> 4 & 1)};
}

class TextDrawing final {
 public:
  TextDrawing(const TextScreen& screen, const Registers& r, const GuestMemory& memory, Blink blink)
      : registers_(r),
        blink_(blink),
        colours_(sixteen_colours(r)),
        fonts_{load_font(memory, fonts_of(r).other), load_font(memory, fonts_of(r).bright)},
        columns_(r.sequencer[sequencer::clocking] & eight_dots ? 8 : 9),
        lines_((r.crtc[crtc::row_height] & scan_line) + 1u),
        picture_(screen.columns * columns_, screen.rows * lines_) {}

  void put(Position at, const Cell& cell) {
    constexpr unsigned blinking = 0x80, bright = 0x08;
    const bool blinks = registers_.attribute[attribute::mode] & blinking_on;
    const unsigned background = cell.attribute >> 4u & (blinks ? 7u : 15u);
    const bool hidden = blinks && (cell.attribute & blinking) && !blink_.characters;
    const Colour& ink = colours_[hidden ? background : cell.attribute & 15u];
    const Font& font = fonts_[(cell.attribute & bright) != 0];
    for (unsigned line = 0; line < lines_; ++line) {
      unsigned dots = font.row(cell.character, line) << 1u;
      if (joins_the_next(cell.character)) dots |= dots >> 1 & 1;
      for (unsigned column = 0; column < columns_; ++column) {
        picture_.at(at.row * lines_ + line, at.column * columns_ + column) =
            dots >> (8 - column) & 1 ? ink : colours_[background];
      }
    }
  }

  void put_cursor(Position at, const Cell& cell) {
    if (!blink_.cursor) return;
    const unsigned last = std::min(registers_.crtc[crtc::cursor_end] & unsigned{scan_line}, lines_ - 1);
    for (unsigned line = registers_.crtc[crtc::cursor_start] & scan_line; line <= last; ++line) {
      for (unsigned column = 0; column < columns_; ++column) {
        picture_.at(at.row * lines_ + line, at.column * columns_ + column) = colours_[cell.attribute & 15u];
      }
    }
  }

  Picture take() { return std::move(picture_); }

 private:
  static constexpr std::uint8_t eight_dots = 1, scan_line = 0x1f, line_graphics = 4, blinking_on = 8;

  // Of nine columns the last is blank, but for the characters that make lines.
  bool joins_the_next(std::uint8_t character) const {
    return character >= 0xc0 && character <= 0xdf && registers_.attribute[attribute::mode] & line_graphics;
  }

  const Registers& registers_;
  const Blink blink_;
  const std::array<Colour, 16> colours_;
  const std::array<Font, 2> fonts_;
  const unsigned columns_, lines_;  // of a character
  Picture picture_;
};

}  // namespace

Picture draw_text(const TextScreen& screen, const Registers& registers, const GuestMemory& memory, Blink blink) {
  TextDrawing drawing(screen, registers, memory, blink);
  const auto cell_at = [&](Position at) { return screen.cells[std::size_t{at.row} * screen.columns + at.column]; };
  for (unsigned row = 0; row < screen.rows; ++row) {
    for (unsigned column = 0; column < screen.columns; ++column) drawing.put({row, column}, cell_at({row, column}));
  }
  if (screen.cursor) drawing.put_cursor(*screen.cursor, cell_at(*screen.cursor));
  return drawing.take();
}

}  // namespace gdbvm::vga
