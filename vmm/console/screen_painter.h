// The guest's text screen as what a terminal has to be sent for it (ECMA-48): only what has changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vmm/devices/vga/text_screen.h"

namespace gdbvm {

// Of a screen larger than the terminal, the part that has the cursor is shown. Pure: the text goes to the terminal, in
// this order and with nothing in between.
class ScreenPainter final {
 public:
  struct Size {
    unsigned columns = 80, rows = 25;
  };

  // The terminal's other screen, empty: what was on it before comes back at the end.
  std::string begin();
  // nullopt: the guest's screen is in a graphics mode.
  std::string paint(const std::optional<vga::TextScreen>& screen, Size terminal);
  std::string end();

 private:
  void move_to(vga::Position position);
  void put(const vga::Cell& cell);
  void clear();

  std::string out_;
  unsigned columns_ = 0;
  std::vector<std::optional<vga::Cell>> shown_;  // row by row; nullopt: not known
  std::optional<vga::Position> at_;              // the terminal's cursor; nullopt: anywhere
  std::optional<std::uint8_t> attribute_;        // the colours in force
  std::optional<bool> cursor_shown_;
  bool in_graphics_ = false;
};

}  // namespace gdbvm
