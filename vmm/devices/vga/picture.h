// What a display shows, pixel by pixel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gdbvm::vga {

struct Colour {
  std::uint8_t red, green, blue;
  bool operator==(const Colour&) const = default;
};

struct Picture {
  unsigned width = 0, height = 0;
  std::vector<Colour> pixels;  // row by row
  bool operator==(const Picture&) const = default;

  Picture() = default;
  // Black.
  Picture(unsigned w, unsigned h) : width(w), height(h), pixels(std::size_t{w} * h) {}
  Colour& at(unsigned row, unsigned column) { return pixels[std::size_t{row} * width + column]; }
  const Colour& at(unsigned row, unsigned column) const { return pixels[std::size_t{row} * width + column]; }
};

}  // namespace gdbvm::vga
