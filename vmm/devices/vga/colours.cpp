#include "vmm/devices/vga/colours.h"

namespace gdbvm::vga {

namespace {

constexpr std::uint8_t six_bits = 0x3f;

Colour dac_colour(const Registers& r, unsigned number) {
  const std::size_t at = 3 * std::size_t{number & r.palette_mask};
  const auto component = [&](std::size_t i) { return spread(r.palette[at + i] & six_bits, 6); };
  return {component(0), component(1), component(2)};
}

// The DAC's colour for one of 16.
unsigned dac_number(const Registers& r, unsigned number) {
  constexpr std::uint8_t selects_bits_4_and_5 = 0x80;
  const unsigned select = r.attribute[attribute::colour_select];
  unsigned dac = r.attribute[number] & six_bits;
  if (r.attribute[attribute::mode] & selects_bits_4_and_5) dac = (dac & 0x0f) | (select & 0x03) << 4;
  return dac | (select & 0x0c) << 4;
}

}  // namespace

std::array<Colour, 256> dac_colours(const Registers& registers) {
  std::array<Colour, 256> colours{};
  for (unsigned i = 0; i < colours.size(); ++i) colours[i] = dac_colour(registers, i);
  return colours;
}

std::array<Colour, 16> sixteen_colours(const Registers& registers) {
  std::array<Colour, 16> colours{};
  for (unsigned i = 0; i < colours.size(); ++i) colours[i] = dac_colour(registers, dac_number(registers, i));
  return colours;
}

}  // namespace gdbvm::vga
