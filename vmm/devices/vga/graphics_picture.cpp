#include "vmm/devices/vga/graphics_picture.h"

#include <array>
#include <vector>

#include "vmm/devices/vga/colours.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"

namespace gdbvm::vga {

namespace {

// In what mode 13h is drawn twice each pixel and each line.
struct ByteMode {
  unsigned width, height;
  std::size_t start, bytes_per_row;
};

bool shows_bytes(const Registers& r) {
  constexpr std::uint8_t graphics_mode = 1, chain_4 = 8, eight_bit_shift = 0x40;
  return r.graphics[graphics::miscellaneous] & graphics_mode && r.graphics[graphics::mode] & eight_bit_shift &&
         r.sequencer[sequencer::memory_mode] & chain_4;
}

ByteMode byte_mode(const Registers& r) {
  constexpr std::uint8_t twice = 0x80, scan_lines = 0x1f;
  constexpr unsigned pixels_per_character = 4, bytes_per_address = 4, bytes_per_pitch = 8;
  const std::uint8_t height = r.crtc[crtc::row_height];
  const unsigned repeated = ((height & scan_lines) + 1u) * (height & twice ? 2 : 1);
  const unsigned start = r.crtc[crtc::start_high] << 8u | r.crtc[crtc::start_low];
  return {.width = (r.crtc[crtc::columns] + 1u) * pixels_per_character,
          .height = lines_of(r) / repeated,
          .start = std::size_t{start} * bytes_per_address,
          .bytes_per_row = std::size_t{r.crtc[crtc::pitch]} * bytes_per_pitch};
}

using Bytes = const std::uint8_t*;

// Little-endian, with so many bits each of red, green and blue, blue lowest.
template <unsigned Red, unsigned Green, unsigned Blue>
Colour of_word(Bytes at) {
  const unsigned value = at[0] | at[1] << 8u;
  const auto component = [&](unsigned shift, unsigned bits) {
    return spread(value >> shift & ((1u << bits) - 1), bits);
  };
  return {component(Green + Blue, Red), component(Blue, Green), component(0, Blue)};
}

// `mode` has its size, where it starts and its bytes in a row. Calls colour(the pixel's place from the start of
// memory).
template <class Mode, class F>
Picture draw_rows(const Mode& mode, std::size_t step, F colour) {
  Picture picture(mode.width, mode.height);
  for (unsigned row = 0; row < mode.height; ++row) {
    std::size_t at = mode.start + row * std::size_t{mode.bytes_per_row};
    for (unsigned column = 0; column < mode.width; ++column, at += step) picture.at(row, column) = colour(at);
  }
  return picture;
}

}  // namespace

std::optional<Picture> draw_bytes(const Registers& registers, const GuestMemory& memory) {
  if (!shows_bytes(registers)) return std::nullopt;
  std::vector<std::uint8_t> bytes(0x10000);
  memory.read_own({x86::layout::display_window}, bytes);
  const auto colours = dac_colours(registers);
  return draw_rows(byte_mode(registers), 1, [&](std::size_t at) { return colours[bytes[at % bytes.size()]]; });
}

std::optional<Picture> draw_linear(const LinearMode& mode, const Registers& registers, const GuestMemory& memory) {
  const auto* framebuffer = reinterpret_cast<const std::uint8_t*>(memory.display()->host);
  const auto draw = [&](auto colour) {
    return draw_rows(mode, mode.bits_in_memory() / 8, [&](std::size_t at) { return colour(framebuffer + at); });
  };
  switch (mode.depth) {
    case 8:
      return draw([colours = dac_colours(registers)](Bytes at) { return colours[*at]; });
    case 15:
      return draw(of_word<5, 5, 5>);
    case 16:
      return draw(of_word<5, 6, 5>);
    case 24:
    case 32:
      return draw([](Bytes at) { return Colour{at[2], at[1], at[0]}; });
    default:
      return std::nullopt;
  }
}

}  // namespace gdbvm::vga
