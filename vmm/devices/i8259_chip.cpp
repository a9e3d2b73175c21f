// An 8259A's registers and priorities. Words named ICW and OCW are the data sheet's.
#include "vmm/devices/i8259_chip.h"

#include <bit>

namespace gdbvm {

namespace {

// PicRegisters::init_state: the word that the next write at address 1 is. A single chip has no ICW3.
enum Expected : std::uint8_t { Ocw1 = 0, Icw2 = 1, Icw3 = 2, Icw4 = 3, Icw2OfSingle = 4 };

constexpr std::uint8_t bit_of(unsigned line) { return static_cast<std::uint8_t>(1u << (line & 7)); }
constexpr std::uint8_t without(std::uint8_t bits, std::uint8_t removed) {
  return static_cast<std::uint8_t>(bits & ~removed);
}

}  // namespace

I8259Chip::I8259Chip(std::uint8_t level_mask, std::uint8_t slaves) : slaves_(slaves) {
  registers_.level_mask = level_mask;
}

void I8259Chip::reset() {
  const x86::PicRegisters before = registers_;
  registers_ = {};
  registers_.level_mask = before.level_mask;
  registers_.last_requests = before.last_requests;
}

std::uint8_t I8259Chip::read(unsigned address) {
  if (registers_.poll) return poll();
  if (address == 1) return registers_.mask;
  return registers_.read_select ? registers_.in_service : registers_.requests;
}

std::uint8_t I8259Chip::poll() {
  registers_.poll = 0;
  const bool requested = interrupt();
  return static_cast<std::uint8_t>((requested ? 0x80 : 0) | acknowledge());
}

void I8259Chip::write(unsigned address, std::uint8_t value) {
  if (address == 1) {
    if (registers_.init_state == Ocw1) {
      registers_.mask = value;
    } else {
      write_later_icw(value);
    }
  } else if (value & 0x10) {
    write_icw1(value);
  } else if (value & 0x08) {
    write_ocw3(value);
  } else {
    write_ocw2(value);
  }
}

// Edges seen so far are forgotten: a line that is high must fall before it can request again. The data sheet does not
// name the in-service bits, but systems that start over without EOIs count on their being clear.
void I8259Chip::write_icw1(std::uint8_t value) {
  const x86::PicRegisters before = registers_;
  registers_ = {};
  registers_.last_requests = before.last_requests;
  registers_.vector_base = before.vector_base;
  registers_.level_mask = before.level_mask;
  set_level_triggered(before.level_triggered);
  registers_.init4 = value & 1;
  registers_.init_state = value & 2 ? Icw2OfSingle : Icw2;
}

void I8259Chip::write_later_icw(std::uint8_t value) {
  const std::uint8_t last = registers_.init4 ? Icw4 : Ocw1;
  switch (registers_.init_state) {
    case Icw2:
    case Icw2OfSingle:
      registers_.vector_base = value & 0xf8;
      registers_.init_state = registers_.init_state == Icw2 ? std::uint8_t{Icw3} : last;
      break;
    case Icw3:
      registers_.init_state = last;
      break;
    default:
      registers_.special_fully_nested = value >> 4 & 1;
      registers_.auto_eoi = value >> 1 & 1;
      registers_.init_state = Ocw1;
  }
}

void I8259Chip::write_ocw2(std::uint8_t value) {
  const bool rotate = value & 0x80, specific = value & 0x40, end = value & 0x20;
  if (specific) {
    const std::uint8_t line = value & 7;
    if (end) end_of_interrupt(line);
    if (rotate) make_lowest(line);
  } else if (end) {
    // In special mask mode the levels that are masked stay in service.
    const std::uint8_t hidden = registers_.special_mask ? registers_.mask : std::uint8_t{0};
    const auto line = first_of(without(registers_.in_service, hidden));
    if (!line) return;
    end_of_interrupt(*line);
    if (rotate) make_lowest(*line);
  } else {
    registers_.rotate_on_auto_eoi = rotate;
  }
}

void I8259Chip::write_ocw3(std::uint8_t value) {
  if (value & 0x40) registers_.special_mask = value >> 5 & 1;
  if (value & 0x04) registers_.poll = 1;
  if (value & 0x02) registers_.read_select = value & 1;
}

void I8259Chip::end_of_interrupt(std::uint8_t line) {
  registers_.in_service = without(registers_.in_service, bit_of(line));
}

void I8259Chip::make_lowest(std::uint8_t line) { registers_.priority_add = (line + 1) & 7; }

void I8259Chip::set_level_triggered(std::uint8_t lines) {
  registers_.level_triggered = lines & registers_.level_mask;
  registers_.requests = without(registers_.requests, registers_.level_triggered) |
                        (registers_.last_requests & registers_.level_triggered);
}

void I8259Chip::set_line(unsigned line, bool level) {
  const std::uint8_t bit = bit_of(line);
  if (!level) {
    registers_.requests = without(registers_.requests, bit);
    registers_.last_requests = without(registers_.last_requests, bit);
    return;
  }
  if (!(registers_.last_requests & bit)) registers_.requests |= bit;
  registers_.last_requests |= bit;
}

void I8259Chip::pulse(unsigned line) {
  const bool level = registers_.last_requests & bit_of(line);
  for (const bool next : {false, true, level}) set_line(line, next);
  registers_.requests |= without(bit_of(line), registers_.mask | registers_.level_triggered);
}

std::optional<std::uint8_t> I8259Chip::first_of(std::uint8_t lines) const {
  if (lines == 0) return {};
  const unsigned highest = registers_.priority_add & 7;
  const int below = std::countr_zero(std::rotr(lines, static_cast<int>(highest)));
  return static_cast<std::uint8_t>((highest + static_cast<unsigned>(below)) & 7);
}

// A request is delivered if its priority is higher than that of all in service. Special fully nested mode lets a slave
// whose request is in service interrupt again; special mask mode ignores the levels that are masked.
std::optional<std::uint8_t> I8259Chip::deliverable() const {
  const auto line = first_of(without(registers_.requests, registers_.mask));
  if (!line) return {};
  std::uint8_t blocking = registers_.in_service;
  if (registers_.special_mask) blocking = without(blocking, registers_.mask);
  const bool nests = registers_.special_fully_nested && slaves_ & bit_of(*line);
  if (nests) blocking = without(blocking, bit_of(*line));
  const std::uint8_t both = blocking | bit_of(*line);
  if (first_of(both) != line || blocking & bit_of(*line)) return {};
  return line;
}

std::uint8_t I8259Chip::acknowledge() {
  const auto line = deliverable();
  if (!line) return spurious_line;
  if (!(registers_.level_triggered & bit_of(*line))) registers_.requests = without(registers_.requests, bit_of(*line));
  if (!registers_.auto_eoi) {
    registers_.in_service |= bit_of(*line);
  } else if (registers_.rotate_on_auto_eoi) {
    make_lowest(*line);
  }
  return *line;
}

void I8259Chip::give_back(std::uint8_t line) {
  registers_.in_service = without(registers_.in_service, bit_of(line));
  if (!(registers_.level_triggered & bit_of(line))) registers_.requests |= bit_of(line);
}

std::uint8_t I8259Chip::vector(std::uint8_t line) const {
  return static_cast<std::uint8_t>((registers_.vector_base & 0xf8) | (line & 7));
}

void I8259Chip::restore(const x86::PicRegisters& registers) {
  const std::uint8_t level_mask = registers_.level_mask;
  registers_ = registers;
  registers_.level_mask = level_mask;
  set_level_triggered(registers.level_triggered);
}

}  // namespace gdbvm
