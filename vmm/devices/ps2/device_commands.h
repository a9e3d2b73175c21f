// The commands that keyboard and mouse share, and their answers (IBM PS/2 Technical Reference).
#pragma once

#include <cstdint>

namespace gdbvm::ps2 {

enum DeviceCommand : std::uint8_t {
  identify = 0xf2,
  set_rate = 0xf3,
  enable = 0xf4,
  disable = 0xf5,
  set_defaults = 0xf6,
  resend = 0xfe,
  reset_command = 0xff,
};
inline constexpr std::uint8_t acknowledge = 0xfa, refuse = 0xfe, test_passed = 0xaa;

}  // namespace gdbvm::ps2
