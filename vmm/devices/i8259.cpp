// The pair's ports, lines and cascade.
#include "vmm/devices/i8259.h"

#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace wiring = x86::wiring;

namespace {

// Lines that are always edge-triggered: timer, keyboard, cascade, clock (8) and coprocessor (13).
constexpr std::uint8_t master_level_mask = 0xf8, slave_level_mask = 0xde;

constexpr bool within(std::uint16_t port, std::uint16_t first, std::uint16_t count) {
  return port >= first && port < first + count;
}

}  // namespace

I8259Pair::I8259Pair() : master_(master_level_mask, 1u << wiring::pic_cascade), slave_(slave_level_mask, 0) {}

void I8259Pair::reset() {
  slave_.reset();
  master_.reset();
  cascade();
}

void I8259Pair::cascade() { master_.set_line(wiring::pic_cascade, slave_.interrupt()); }

void I8259Pair::end_cascade_pulse() {
  master_.set_line(wiring::pic_cascade, false);
  cascade();
}

std::uint8_t I8259Pair::read(std::uint16_t port) {
  if (within(port, wiring::pic_port, wiring::pic_ports)) return master_.read(port & 1u);
  if (within(port, wiring::slave_pic_port, wiring::pic_ports)) {
    const bool polled = slave_.registers().poll;
    const std::uint8_t value = slave_.read(port & 1u);
    if (polled) end_cascade_pulse();
    return value;
  }
  if (!within(port, wiring::edge_level_port, wiring::edge_level_ports)) return 0xff;
  return (port & 1 ? slave() : master()).level_triggered;
}

void I8259Pair::write(std::uint16_t port, std::uint8_t value) {
  if (within(port, wiring::pic_port, wiring::pic_ports)) {
    master_.write(port & 1u, value);
  } else if (within(port, wiring::slave_pic_port, wiring::pic_ports)) {
    slave_.write(port & 1u, value);
  } else if (within(port, wiring::edge_level_port, wiring::edge_level_ports)) {
    (port & 1 ? slave_ : master_).set_level_triggered(value);
  }
  cascade();
}

void I8259Pair::set_line(unsigned irq, bool level) {
  if (irq == wiring::pic_cascade || irq > 15) return;
  (irq < 8 ? master_ : slave_).set_line(irq & 7, level);
  cascade();
}

void I8259Pair::pulse(unsigned irq) {
  if (irq == wiring::pic_cascade || irq > 15) return;
  (irq < 8 ? master_ : slave_).pulse(irq & 7);
  cascade();
}

std::uint8_t I8259Pair::acknowledge() {
  const std::uint8_t line = master_.acknowledge();
  return line == wiring::pic_cascade ? acknowledge_slave() : master_.vector(line);
}

std::uint8_t I8259Pair::acknowledge_slave() {
  const std::uint8_t line = slave_.acknowledge();
  end_cascade_pulse();
  return slave_.vector(line);
}

void I8259Pair::give_back(std::uint8_t vector) {
  const auto line = static_cast<std::uint8_t>(vector & 7);
  if (vector == master_.vector(line)) return master_.give_back(line);
  if (vector != slave_.vector(line)) return;
  slave_.give_back(line);
  master_.give_back(wiring::pic_cascade);
  cascade();
}

void I8259Pair::save(StateWriter& writer) const {
  writer.put(master());
  writer.put(slave());
}

void I8259Pair::restore(StateReader& reader) {
  const auto master = reader.get<x86::PicRegisters>(), slave = reader.get<x86::PicRegisters>();
  master_.restore(master);
  slave_.restore(slave);
}

}  // namespace gdbvm
