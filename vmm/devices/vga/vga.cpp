// Which register a port is.
#include "vmm/devices/vga/vga.h"

namespace gdbvm {

namespace {

using vga::Registers;

enum Port : std::uint16_t {
  attribute_port = 0x3c0,
  attribute_data = 0x3c1,
  miscellaneous_write = 0x3c2,  // read: input status 0
  enable_port = 0x3c3,
  sequencer_index = 0x3c4,
  sequencer_data = 0x3c5,
  palette_mask = 0x3c6,
  palette_read_index = 0x3c7,  // read: the DAC's state
  palette_write_index = 0x3c8,
  palette_data = 0x3c9,
  feature_read = 0x3ca,
  miscellaneous_read = 0x3cc,
  graphics_index = 0x3ce,
  graphics_data = 0x3cf,
  crtc_index = 0x3d4,
  crtc_data = 0x3d5,
  status_port = 0x3da,  // write: feature control
};
constexpr std::uint16_t colour_ports = 0x3d0, colour_bit = 0x20;  // of a port, that is not in a monochrome VGA's
constexpr std::uint8_t colour = 1;                                // in the miscellaneous register
constexpr std::uint8_t index_mask = 0x1f;

// Of 449 lines of 900 dots, 400 lines of 720 dots are seen (mode 3). The retrace lasts as long as no line is drawn, not
// two lines: a guest that polls for it sees it however long an exit takes.
constexpr std::chrono::nanoseconds line_time{31'778};
constexpr int all_lines = 449, seen_lines = 400;
constexpr std::chrono::nanoseconds seen_time = line_time * 720 / 900;
constexpr std::uint8_t not_displaying = 1, vertical_retrace = 8;

template <std::size_t Size>
std::uint8_t* at(std::array<std::uint8_t, Size>& registers, unsigned index) {
  return index < Size ? &registers[index] : nullptr;
}

// Those of a monochrome VGA's ports that move are known by their colour numbers.
std::uint16_t colour_port(std::uint16_t port) {
  return port < attribute_port ? static_cast<std::uint16_t>(port + colour_bit) : port;
}

}  // namespace

// Only one of the two sets of ports that move.
bool Vga::answers(std::uint16_t port) const {
  const bool moves = port < attribute_port || port >= colour_ports;
  return !moves || (port >= colour_ports) == ((registers_.miscellaneous & colour) != 0);
}

void Vga::read(std::uint16_t port, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  out[0] = answers(port) ? read_register(colour_port(port)) : std::uint8_t{0xff};
}

void Vga::write(std::uint16_t port, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  if (answers(port)) write_register(colour_port(port), bytes[0]);
}

std::uint8_t Vga::input_status() {
  registers_.attribute_data_next = 0;
  const auto now = clock_();
  const bool between = now / line_time % all_lines >= seen_lines;
  const bool seen = !between && now % line_time < seen_time;
  return static_cast<std::uint8_t>((seen ? 0 : not_displaying) | (between ? vertical_retrace : 0));
}

std::uint8_t* Vga::plain_register(std::uint16_t port) {
  Registers& r = registers_;
  switch (port) {
    case enable_port:
      return &r.enable;
    case sequencer_index:
      return &r.sequencer_index;
    case sequencer_data:
      return at(r.sequencer, r.sequencer_index);
    case palette_mask:
      return &r.palette_mask;
    case graphics_index:
      return &r.graphics_index;
    case graphics_data:
      return at(r.graphics, r.graphics_index);
    case crtc_index:
      return &r.crtc_index;
    case crtc_data:
      return at(r.crtc, r.crtc_index);
    default:
      return nullptr;
  }
}

std::uint8_t Vga::read_register(std::uint16_t port) {
  Registers& r = registers_;
  constexpr std::uint8_t no_interrupt_no_switch = 0x00, dac_reads = 3, dac_writes = 0, nothing = 0xff;
  switch (port) {
    case attribute_port:
      return r.attribute_index;
    case attribute_data: {
      const std::uint8_t* attribute = at(r.attribute, r.attribute_index & index_mask);
      return attribute ? *attribute : nothing;
    }
    case miscellaneous_write:
      return no_interrupt_no_switch;
    case palette_read_index:
      return r.palette_reading ? dac_reads : dac_writes;
    case palette_write_index:
      return static_cast<std::uint8_t>(r.palette_write / 3);
    case palette_data:
      return read_palette();
    case feature_read:
      return r.feature_control;
    case miscellaneous_read:
      return r.miscellaneous;
    case status_port:
      return input_status();
    default: {
      const std::uint8_t* plain = plain_register(port);
      return plain ? *plain : nothing;
    }
  }
}

void Vga::write_register(std::uint16_t port, std::uint8_t value) {
  Registers& r = registers_;
  switch (port) {
    case attribute_port:
      return write_attribute(value);
    case miscellaneous_write:
      r.miscellaneous = value;
      break;
    case palette_read_index:
      r.palette_read = static_cast<std::uint16_t>(3 * value);
      r.palette_reading = 1;
      break;
    case palette_write_index:
      r.palette_write = static_cast<std::uint16_t>(3 * value);
      r.palette_reading = 0;
      break;
    case palette_data:
      return write_palette(value);
    case status_port:
      r.feature_control = value;
      break;
    case crtc_data:
      return write_crtc(value);
    default:
      if (std::uint8_t* plain = plain_register(port)) *plain = value;
  }
}

// Registers 0 to 7 may be protected, but for the line compare's bit in the overflow register.
void Vga::write_crtc(std::uint8_t value) {
  constexpr std::uint8_t protect = 0x80, line_compare = 0x10;
  Registers& r = registers_;
  const bool is_protected = r.crtc_index <= vga::crtc::overflow && r.crtc[vga::crtc::protection] & protect;
  std::uint8_t* target = at(r.crtc, r.crtc_index);
  if (!target) return;
  if (!is_protected) {
    *target = value;
  } else if (r.crtc_index == vga::crtc::overflow) {
    *target = static_cast<std::uint8_t>((*target & ~line_compare) | (value & line_compare));
  }
}

void Vga::write_attribute(std::uint8_t value) {
  Registers& r = registers_;
  constexpr std::uint8_t index_and_display = 0x3f;
  if (!r.attribute_data_next) {
    r.attribute_index = value & index_and_display;
  } else if (std::uint8_t* attribute = at(r.attribute, r.attribute_index & index_mask)) {
    *attribute = value;
  }
  r.attribute_data_next = !r.attribute_data_next;
}

std::uint8_t Vga::read_palette() {
  Registers& r = registers_;
  const std::size_t which = r.palette_read % r.palette.size();
  r.palette_read = static_cast<std::uint16_t>((which + 1) % r.palette.size());
  return r.palette[which];
}

void Vga::write_palette(std::uint8_t value) {
  constexpr std::uint8_t six_bits = 0x3f;
  Registers& r = registers_;
  const std::size_t which = r.palette_write % r.palette.size();
  r.palette_write = static_cast<std::uint16_t>((which + 1) % r.palette.size());
  r.palette[which] = value & six_bits;
}

Registers Vga::registers() const {
  const std::lock_guard lock(mutex_);
  return registers_;
}

void Vga::reset() {
  const std::lock_guard lock(mutex_);
  registers_ = vga::text_mode();
}

void Vga::save(StateWriter& to) const { to.put(registers()); }

void Vga::restore(StateReader& from) {
  const auto registers = from.get<Registers>();
  const std::lock_guard lock(mutex_);
  registers_ = registers;
}

}  // namespace gdbvm
