// The interval timer as people look at it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace gdbvm::x86 {

// Intel 8254: a channel of it.
struct IntervalTimerChannel {
  unsigned mode;                // 0 to 5
  unsigned access;              // 1: the count's low byte, 2: its high byte, 3: both
  bool decimal;                 // the counts are BCD
  std::uint16_t reload, count;  // as the guest writes and reads them: 0 is the most
  bool counting, gate, out;
};

struct IntervalTimerRegisters {
  std::array<IntervalTimerChannel, 3> channels;
  std::uint8_t control_b;                               // port 0x61
  std::optional<std::chrono::nanoseconds> until_event;  // of channel 0, the next one
};

}  // namespace gdbvm::x86
