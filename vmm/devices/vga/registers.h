// The registers of a VGA (IBM PS/2 Technical Reference, "Video Subsystem"), as a driver left them.
#pragma once

#include <array>
#include <cstdint>

#include "vmm/devices/state.h"

namespace gdbvm::vga {

struct Registers {
  std::array<std::uint8_t, 25> crtc;
  std::array<std::uint8_t, 5> sequencer;
  std::array<std::uint8_t, 9> graphics;
  std::array<std::uint8_t, 21> attribute;
  std::uint8_t crtc_index, sequencer_index, graphics_index, attribute_index;
  std::uint8_t miscellaneous, feature_control, enable;
  std::uint8_t attribute_data_next;  // yes or no: the next write to 0x3c0 is of data
  // The colours' three components of six bits each.
  std::array<std::uint8_t, 256 * 3> palette;
  std::uint8_t palette_mask;
  std::uint8_t palette_reading;               // yes or no: the index was written for reading last
  std::uint16_t palette_read, palette_write;  // components
};
static_assert(PlainState<Registers>);

// Where they are, and what they have of other ones.
namespace crtc {
inline constexpr unsigned columns = 0x01, overflow = 0x07, row_height = 0x09, cursor_start = 0x0a, cursor_end = 0x0b,
                          start_high = 0x0c, start_low = 0x0d, cursor_high = 0x0e, cursor_low = 0x0f, protection = 0x11,
                          lines = 0x12, pitch = 0x13;
}
namespace sequencer {
inline constexpr unsigned clocking = 1, character_map = 3, memory_mode = 4;
}
namespace graphics {
inline constexpr unsigned mode = 5, miscellaneous = 6;
}
namespace attribute {
inline constexpr unsigned mode = 0x10, colour_select = 0x14;
inline constexpr std::uint8_t display_on = 0x20;  // in the index
}  // namespace attribute

// How many lines the CRTC draws from top to bottom.
unsigned lines_of(const Registers& registers);
// Nothing is switched off that has to be on for a picture to be seen.
bool is_shown(const Registers& registers);

// Text of 80 columns and 25 rows in 16 colours (mode 3), as firmware leaves it.
Registers text_mode();

}  // namespace gdbvm::vga
