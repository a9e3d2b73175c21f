// Where two pictures of one size differ, as few rectangles.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace gdbvm {

struct Rectangle {
  unsigned left, top, right, bottom;  // the last two are exclusive
  bool operator==(const Rectangle&) const = default;
};

inline constexpr unsigned changed_part_rows = 16;

// Calls each(Rectangle) for at most one rectangle in each 16 rows, which has all pixels that differ. Both have
// rows * columns pixels, row by row.
template <class Pixel, class F>
void changed_parts(std::span<const Pixel> before, std::span<const Pixel> after, unsigned columns, F each) {
  const auto rows = columns ? static_cast<unsigned>(after.size() / columns) : 0;
  for (unsigned top = 0; top < rows; top += changed_part_rows) {
    Rectangle part{.left = columns, .top = top, .right = 0, .bottom = std::min(top + changed_part_rows, rows)};
    for (unsigned row = part.top; row < part.bottom; ++row) {
      const auto old_row = before.subspan(std::size_t{row} * columns, columns);
      const auto new_row = after.subspan(std::size_t{row} * columns, columns);
      const auto first = std::ranges::mismatch(old_row, new_row).in1 - old_row.begin();
      if (first == static_cast<std::ptrdiff_t>(columns)) continue;
      const auto last = std::mismatch(old_row.rbegin(), old_row.rend(), new_row.rbegin()).first - old_row.rbegin();
      part.left = std::min(part.left, static_cast<unsigned>(first));
      part.right = std::max(part.right, columns - static_cast<unsigned>(last));
    }
    if (part.left < part.right) each(part);
  }
}

}  // namespace gdbvm
