// One Intel 8259A interrupt controller, by its data sheet: eight request lines in, one interrupt line out.
#pragma once

#include <cstdint>
#include <optional>

#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm {

// As a PC has it: vectors are an 8086's whatever ICW4 says, and the edge/level control register takes the place of
// ICW1's bit LTIM. ICW3 is not kept: which lines have slaves is wiring. An edge-triggered request lasts while its line
// is high; one whose line falls before it is acknowledged is withdrawn.
class I8259Chip final {
 public:
  static constexpr std::uint8_t spurious_line = 7;

  // `level_mask`: the lines that may be level-triggered. `slaves`: the lines that are another 8259A's output.
  I8259Chip(std::uint8_t level_mask, std::uint8_t slaves);
  // As at power-on. The lines keep their levels.
  void reset();

  // `address`: the chip's pin A0. After a poll command a read acknowledges an interrupt.
  std::uint8_t read(unsigned address);
  void write(unsigned address, std::uint8_t value);
  void set_level_triggered(std::uint8_t lines);

  void set_line(unsigned line, bool level);
  // The line rises, and falls back to its level. As nobody holds it until it is acknowledged, the request stays
  // nevertheless, unless it is masked or the line level-triggered.
  void pulse(unsigned line);
  bool interrupt() const { return deliverable().has_value(); }
  // The line whose request is now in service; spurious_line, and nothing in service, if there is none.
  std::uint8_t acknowledge();
  // The acknowledge() that returned this line has not happened, but for a rotation of priorities.
  void give_back(std::uint8_t line);
  std::uint8_t vector(std::uint8_t line) const;

  const x86::PicRegisters& registers() const { return registers_; }
  // Any bytes will do.
  void restore(const x86::PicRegisters& registers);

 private:
  // Of these lines the one with the highest priority.
  std::optional<std::uint8_t> first_of(std::uint8_t lines) const;
  std::optional<std::uint8_t> deliverable() const;
  std::uint8_t poll();
  void write_icw1(std::uint8_t value);
  void write_later_icw(std::uint8_t value);
  void write_ocw2(std::uint8_t value);
  void write_ocw3(std::uint8_t value);
  void end_of_interrupt(std::uint8_t line);
  void make_lowest(std::uint8_t line);

  const std::uint8_t slaves_;
  x86::PicRegisters registers_;
};

}  // namespace gdbvm
