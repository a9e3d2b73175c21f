// System control port B (0x61): the speaker and channel 2 of the interval timer.
#pragma once

#include <cstdint>

#include "vmm/devices/i8254.h"

namespace gdbvm {

// Bit 0: channel 2's gate. Bit 1: the speaker's, and bits 2 and 3: checks of memory and of channels off; remembered,
// without effect. Bit 4 toggles with every refresh of the memory, bit 5 is channel 2's OUT; both are read-only, as are
// bits 6 and 7, errors, of which there are none. Pure, with the timer's times.
class SystemControlB final {
 public:
  static constexpr std::chrono::nanoseconds refresh{15'085};

  // `timer` outlives the port.
  explicit SystemControlB(I8254& timer) : timer_(timer) {}
  // Channel 2's gate is the timer's to reset.
  void reset() { remembered_ = 0; }

  std::uint8_t read(I8254::Time now) const;
  void write(std::uint8_t value, I8254::Time now);

  static constexpr std::uint32_t state_version = 1;
  // Without the gate, which the timer saves.
  void save(StateWriter& writer) const { writer.put(remembered_); }
  void restore(StateReader& reader);

 private:
  I8254& timer_;
  std::uint8_t remembered_ = 0;
};

}  // namespace gdbvm
