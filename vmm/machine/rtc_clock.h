// What the PC's real-time clock keeps to.
#pragma once

#include <cstdint>

namespace gdbvm {

// Wall: the host's time. Machine: from the host's time when it is made on it goes with the machine's, and stands still
// when the guest does.
enum class RtcClock : std::uint8_t { Wall, Machine };

}  // namespace gdbvm
