// What a VGA in text mode shows: characters of code page 437, each with its colours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/devices/vga/registers.h"

namespace gdbvm {

class GuestMemory;

namespace vga {

struct Cell {
  std::uint8_t character = 0, attribute = 0;  // 0-3 the foreground, 4-6 the background, 7 brighter or blinking
  bool operator==(const Cell&) const = default;
};
struct Position {
  unsigned row, column;
  bool operator==(const Position&) const = default;
};
struct TextScreen {
  unsigned columns = 0, rows = 0;
  std::vector<Cell> cells;         // row by row
  std::optional<Position> cursor;  // nullopt: it is off, or elsewhere
  bool operator==(const TextScreen&) const = default;
};

// nullopt: it is in a graphics mode. Reads the guest's memory, whether it runs meanwhile or not.
std::optional<TextScreen> read_text(const Registers& registers, const GuestMemory& memory);

// The rows in UTF-8, each with a newline and without the blanks at its end; without the empty rows at the end.
std::string text_of(const TextScreen& screen);

}  // namespace vga
}  // namespace gdbvm
