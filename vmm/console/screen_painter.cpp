// Cells that differ from those shown, each with the cursor and the colours that it needs.
#include "vmm/console/screen_painter.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "vmm/devices/vga/code_page_437.h"

namespace gdbvm {

namespace {

constexpr std::string_view other_screen = "\x1b[?1049h", first_screen = "\x1b[?1049l", erase = "\x1b[0m\x1b[2J\x1b[H";
constexpr std::string_view plain = "\x1b[0m", show_cursor = "\x1b[?25h", hide_cursor = "\x1b[?25l";

// A VGA's colours, blue first, in the terminal's order, red first; 8 to 15 are the bright ones.
unsigned colour_of(unsigned vga) {
  constexpr std::array<unsigned, 8> order{0, 4, 2, 6, 1, 5, 3, 7};
  constexpr unsigned bright = 60;
  return order[vga & 7] + (vga & 8 ? bright : 0);
}

// The part of the screen that the terminal has room for.
struct Part {
  unsigned first, rows, columns;
};
Part part_of(const vga::TextScreen& screen, ScreenPainter::Size terminal) {
  const unsigned rows = std::min(screen.rows, terminal.rows);
  const unsigned cursor = screen.cursor ? screen.cursor->row : 0;
  return {cursor >= rows ? cursor - rows + 1 : 0, rows, std::min(screen.columns, terminal.columns)};
}

}  // namespace

std::string ScreenPainter::begin() {
  cursor_shown_.reset();
  in_graphics_ = false;
  clear();
  return std::string(other_screen) + std::exchange(out_, {});
}

std::string ScreenPainter::end() { return fmt::format("{}{}{}", plain, show_cursor, first_screen); }

void ScreenPainter::clear() {
  out_ += erase;
  shown_.clear();
  columns_ = 0;
  at_ = {0, 0};
  attribute_.reset();
}

void ScreenPainter::move_to(vga::Position position) {
  if (at_ != position) out_ += fmt::format("\x1b[{};{}H", position.row + 1, position.column + 1);
  at_ = position;
}

void ScreenPainter::put(const vga::Cell& cell) {
  if (attribute_ != cell.attribute) {
    const unsigned foreground = colour_of(cell.attribute & 15u), background = colour_of(cell.attribute >> 4u);
    out_ += fmt::format("\x1b[{};{}m", 30 + foreground, 40 + background);
  }
  attribute_ = cell.attribute;
  out_ += vga::utf8_of_437(cell.character);
  // After the last column terminals differ about where the cursor is.
  ++at_->column;
  if (at_->column >= columns_) at_.reset();
}

std::string ScreenPainter::paint(const std::optional<vga::TextScreen>& screen, Size terminal) {
  if (std::exchange(in_graphics_, !screen) != !screen) clear();
  if (!screen) {
    if (columns_ == 0) out_ += "the guest's screen is in a graphics mode; Ctrl-A s goes to the serial port";
    columns_ = terminal.columns;
    return std::exchange(out_, {});
  }
  const Part part = part_of(*screen, terminal);
  if (columns_ != part.columns || shown_.size() != std::size_t{part.rows} * part.columns) {
    clear();
    columns_ = part.columns;
    shown_.resize(std::size_t{part.rows} * part.columns);
  }
  for (unsigned row = 0; row < part.rows; ++row) {
    for (unsigned column = 0; column < part.columns; ++column) {
      const vga::Cell& cell = screen->cells[std::size_t{part.first + row} * screen->columns + column];
      auto& shown = shown_[std::size_t{row} * part.columns + column];
      if (shown == cell) continue;
      move_to({row, column});
      put(cell);
      shown = cell;
    }
  }
  const bool cursor = screen->cursor && screen->cursor->column < part.columns;
  if (cursor) move_to({screen->cursor->row - part.first, screen->cursor->column});
  if (cursor_shown_ != cursor) out_ += cursor ? show_cursor : hide_cursor;
  cursor_shown_ = cursor;
  return std::exchange(out_, {});
}

}  // namespace gdbvm
