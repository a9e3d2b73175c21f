// The two 8259As for their tests: initialised, with shorthands for what drivers do.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"
#include "vmm/devices/i8259.h"

namespace gdbvm {

inline constexpr std::uint16_t master_command = 0x20, master_data = 0x21, slave_command = 0xa0, slave_data = 0xa1;
inline constexpr std::uint8_t eoi = 0x20, read_irr = 0x0a, read_isr = 0x0b, poll = 0x0c;

// Initialised as Linux does: vectors 0x30 and 0x38, no automatic EOI, nothing masked.
class I8259 : public testing::Test {
 protected:
  I8259() { initialise(1, 1); }

  void initialise(std::uint8_t master_icw4, std::uint8_t slave_icw4) {
    pics.write(master_command, 0x11);
    for (const std::uint8_t word : {std::uint8_t{0x30}, std::uint8_t{4}, master_icw4}) pics.write(master_data, word);
    pics.write(slave_command, 0x11);
    for (const std::uint8_t word : {std::uint8_t{0x38}, std::uint8_t{2}, slave_icw4}) pics.write(slave_data, word);
  }
  std::uint8_t status(std::uint16_t port, std::uint8_t which) {
    pics.write(port, which);
    return pics.read(port);
  }
  void pulse(unsigned irq) {
    pics.set_line(irq, false);
    pics.set_line(irq, true);
  }

  I8259Pair pics;
};

}  // namespace gdbvm
