// A PC's interrupt controllers: two 8259As, the second one's output on line 2 of the first.
#pragma once

#include <cstdint>

#include "vmm/devices/i8259_chip.h"
#include "vmm/devices/state.h"

namespace gdbvm {

// Pure: no lock and no thread. Any call but a plain read may change interrupt(): look at it afterwards.
class I8259Pair final {
 public:
  I8259Pair();
  // As at power-on: nothing masked, nothing in service. The lines keep their levels.
  void reset();

  // The ports are those in x86::wiring: 0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1. Others read all ones and ignore writes.
  // A read after a poll command acknowledges an interrupt.
  std::uint8_t read(std::uint16_t port);
  void write(std::uint16_t port, std::uint8_t value);

  // Lines 0 to 15; others have no place here, nor has 2, the cascade. A line is edge-triggered until 0x4d0 and 0x4d1
  // say otherwise, and then a rise requests: hold it high until it is acknowledged, a fall before that withdraws it.
  void set_line(unsigned irq, bool level);
  // A rise of the line, as of set_line(), without anybody to hold it: see I8259Chip.
  void pulse(unsigned irq);
  // The output INTR.
  bool interrupt() const { return master_.interrupt(); }
  // INTA: the vector of the request that is now in service. Without a request a spurious one, IR7's or IR15's.
  std::uint8_t acknowledge();
  // A vector that acknowledge() returned has not reached the CPU: it is requested again, whatever its line does since,
  // unless the chip that it came from has been told other vectors.
  void give_back(std::uint8_t vector);

  const x86::PicRegisters& master() const { return master_.registers(); }
  const x86::PicRegisters& slave() const { return slave_.registers(); }

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  std::uint8_t acknowledge_slave();
  // The slave's output to the master's line.
  void cascade();
  // An acknowledged chip's output falls, even if it has another request and rises again at once.
  void end_cascade_pulse();

  I8259Chip master_, slave_;
};

}  // namespace gdbvm
