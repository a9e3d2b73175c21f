// The keyboard controller's commands, and what its bytes' bits are called.
#pragma once

#include <cstdint>

namespace gdbvm::i8042 {

enum Command : std::uint8_t {
  read_ram = 0x20,  // and the 31 after it
  write_ram = 0x60,
  disable_mouse = 0xa7,
  enable_mouse = 0xa8,
  test_mouse_port = 0xa9,
  test_controller = 0xaa,
  test_keyboard_port = 0xab,
  disable_keyboard = 0xad,
  enable_keyboard = 0xae,
  read_input_port = 0xc0,
  read_output_port = 0xd0,
  write_output_port = 0xd1,
  write_as_keyboard = 0xd2,
  write_as_mouse = 0xd3,
  write_to_mouse = 0xd4,
  a20_off = 0xdd,
  a20_on = 0xdf,
  pulse = 0xf0,  // and the 15 after it: of the output port's bits that are 0
};
inline constexpr std::uint8_t ram_mask = 0x1f;

inline constexpr bool has_argument(std::uint8_t command) {
  return (command & ~ram_mask) == write_ram || (command >= write_output_port && command <= write_to_mouse);
}

namespace command_byte {
inline constexpr std::uint8_t keyboard_interrupt = 1, mouse_interrupt = 2, system = 4, keyboard_off = 0x10,
                              mouse_off = 0x20, translate = 0x40;
}
namespace output_bits {
inline constexpr std::uint8_t no_reset = 1, a20 = 2, keyboard_full = 0x10, mouse_full = 0x20, idle_lines = 0xc0;
}
namespace status_bits {
inline constexpr std::uint8_t full = 1, command = 8, unlocked = 0x10, of_mouse = 0x20;
}

}  // namespace gdbvm::i8042
