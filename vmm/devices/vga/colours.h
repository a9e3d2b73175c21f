// From the numbers of colours in memory to colours, by a VGA's attribute controller and DAC.
#pragma once

#include <array>
#include <cstdint>

#include "vmm/devices/vga/picture.h"
#include "vmm/devices/vga/registers.h"

namespace gdbvm::vga {

// `bits` of each colour, spread over a byte: 0 is 0, and the largest is 255.
constexpr std::uint8_t spread(unsigned value, unsigned bits) {
  const unsigned up = value << (8 - bits);
  return static_cast<std::uint8_t>(up | up >> bits);
}

// Of the DAC: 256 colours.
std::array<Colour, 256> dac_colours(const Registers& registers);
// Of text and of modes of 16 colours.
std::array<Colour, 16> sixteen_colours(const Registers& registers);

}  // namespace gdbvm::vga
