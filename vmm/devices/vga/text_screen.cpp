// Text mode's geometry, from the CRTC's registers.
#include "vmm/devices/vga/text_screen.h"

#include <algorithm>
#include <span>

#include "vmm/devices/vga/code_page_437.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"

namespace gdbvm::vga {

namespace {

constexpr unsigned most_columns = 256, most_rows = 128;  // what a driver may ask for

struct Window {
  Gpa start;
  std::uint64_t size;
};
Window window_of(const Registers& r) {
  constexpr Gpa whole{x86::layout::display_window}, monochrome{0xb0000}, text{x86::layout::display_text};
  constexpr Window windows[] = {{whole, 0x20000}, {whole, 0x10000}, {monochrome, 0x8000}, {text, 0x8000}};
  return windows[r.graphics[graphics::miscellaneous] >> 2 & 3];
}

unsigned rows_of(const Registers& r) {
  const unsigned height = (r.crtc[crtc::row_height] & 0x1fu) + 1;
  return std::min(lines_of(r) / height, most_rows);
}

// In characters, as are the CRTC's addresses.
unsigned pitch_of(const Registers& r) { return 2u * r.crtc[crtc::pitch]; }
unsigned word(const Registers& r, unsigned high, unsigned low) { return r.crtc[high] << 8 | r.crtc[low]; }

std::optional<Position> cursor_of(const Registers& r, const TextScreen& screen) {
  constexpr std::uint8_t off = 0x20, scan_line = 0x1f;
  const std::uint8_t start = r.crtc[crtc::cursor_start];
  if (start & off || (start & scan_line) > (r.crtc[crtc::cursor_end] & scan_line)) return std::nullopt;
  const unsigned at = word(r, crtc::cursor_high, crtc::cursor_low), first = word(r, crtc::start_high, crtc::start_low);
  if (pitch_of(r) == 0) return std::nullopt;
  // One above the screen wraps around and is far below it.
  const Position position{(at - first) / pitch_of(r), (at - first) % pitch_of(r)};
  return position.row < screen.rows && position.column < screen.columns ? std::optional(position) : std::nullopt;
}

}  // namespace

std::optional<TextScreen> read_text(const Registers& registers, const GuestMemory& memory) {
  if (registers.graphics[graphics::miscellaneous] & 1) return std::nullopt;
  const auto [start, size] = window_of(registers);
  std::vector<std::uint8_t> bytes(size);
  memory.read_own(start, bytes);
  TextScreen screen;
  screen.columns = std::min(registers.crtc[crtc::columns] + 1u, most_columns);
  screen.rows = rows_of(registers);
  const unsigned first = word(registers, crtc::start_high, crtc::start_low);
  for (unsigned row = 0; row < screen.rows; ++row) {
    for (unsigned column = 0; column < screen.columns; ++column) {
      const std::size_t at = 2 * (std::size_t{first} + row * pitch_of(registers) + column) % size;
      screen.cells.push_back({bytes[at], bytes[at + 1]});
    }
  }
  screen.cursor = cursor_of(registers, screen);
  return screen;
}

std::string text_of(const TextScreen& screen) {
  std::string text;
  std::size_t end = 0;  // of the last row that is not empty
  for (unsigned row = 0; row < screen.rows; ++row) {
    const auto cells = std::span(screen.cells).subspan(std::size_t{row} * screen.columns, screen.columns);
    const auto is_blank = [](const Cell& cell) { return is_blank_437(cell.character); };
    const auto last = std::find_if_not(cells.rbegin(), cells.rend(), is_blank);
    for (const Cell& cell : cells.first(static_cast<std::size_t>(cells.rend() - last)))
      text += utf8_of_437(cell.character);
    text += '\n';
    if (last != cells.rend()) end = text.size();
  }
  text.resize(end);
  return text;
}

}  // namespace gdbvm::vga
