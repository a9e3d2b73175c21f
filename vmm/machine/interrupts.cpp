#include "vmm/machine/interrupts.h"

#include <algorithm>
#include <cstring>

#include "vmm/devices/apic_bus.h"

namespace gdbvm {

namespace {
constexpr unsigned pic_lines = 16;

// The aligned word that an access to the local APIC is; others are none of its registers.
bool is_word(std::uint64_t offset, std::size_t size) { return size == sizeof(std::uint32_t) && offset % size == 0; }
}  // namespace

Interrupts::Interrupts(unsigned cpus, const Clock& clock)
    : clock_(clock), io_apic_([this](const ApicMessage& message) { return send(message); }), seats_(cpus) {
  for (unsigned id = 0; id < cpus; ++id) apics_.emplace_back(static_cast<std::uint8_t>(id), id == 0);
}

void Interrupts::tell(std::size_t cpu) {
  Seat& seat = seats_[cpu];
  seat.news = true;
  if (seat.inside && wake_) wake_({static_cast<std::uint32_t>(cpu)});
  seat.inside = false;
}

bool Interrupts::send(const ApicMessage& message, std::optional<std::size_t> from) {
  const apic_bus::Reached reached = apic_bus::deliver(message, apics_, from);
  for (std::size_t cpu = 0; cpu < seats_.size(); ++cpu) {
    if (reached[cpu]) tell(cpu);
  }
  return reached.any();
}

void Interrupts::pic_changed() {
  if (!pic_.interrupt()) return;
  for (std::size_t cpu = 0; cpu < seats_.size(); ++cpu) {
    if (apics_[cpu].accepts_ext_int() || cpu == 0) tell(cpu);  // CPU 0: its APIC may be disabled
  }
}

bool Interrupts::pic_reaches(VcpuIndex cpu, Apic apic) const {
  return pic_.interrupt() && (apic == Apic::Enabled ? apics_[cpu.value].accepts_ext_int() : cpu.value == 0);
}

void Interrupts::set_line(unsigned line, bool asserted) {
  const std::lock_guard lock(mutex_);
  if (line < pic_lines) {
    pic_.set_line(line, asserted);
    pic_changed();
  }
  if (line < IoApic::pins) io_apic_.set_line(line, asserted);
}

void Interrupts::pulse_line(unsigned line) {
  const std::lock_guard lock(mutex_);
  pic_.pulse(line);
  pic_changed();
  if (line >= IoApic::pins) return;
  const bool asserted = io_apic_.registers().requests >> line & 1;
  for (const bool next : {false, true, asserted}) io_apic_.set_line(line, next);
}

LocalApic::Signals Interrupts::take_signals(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].news = false;
  apics_[cpu.value].advance(clock_.now());
  return apics_[cpu.value].take_signals();
}

bool Interrupts::pending(VcpuIndex cpu, Apic apic) {
  const std::lock_guard lock(mutex_);
  LocalApic& own = apics_[cpu.value];
  return pic_reaches(cpu, apic) || (apic == Apic::Enabled && own.pending());
}

std::optional<std::uint8_t> Interrupts::acknowledge(VcpuIndex cpu, Apic apic) {
  const std::lock_guard lock(mutex_);
  bool& of_pic = seats_[cpu.value].of_pic;
  of_pic = pic_reaches(cpu, apic);
  if (of_pic) return pic_.acknowledge();
  LocalApic& own = apics_[cpu.value];
  if (apic == Apic::Disabled || !own.pending()) return std::nullopt;
  return own.acknowledge();
}

void Interrupts::give_back(VcpuIndex cpu, std::uint8_t vector) {
  const std::lock_guard lock(mutex_);
  if (!seats_[cpu.value].of_pic) return apics_[cpu.value].give_back(vector);
  pic_.give_back(vector);
  pic_changed();  // any CPU that it reaches may take it
}

std::optional<Clock::Time> Interrupts::next_event(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  return apics_[cpu.value].next_event();
}

bool Interrupts::news(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value].news;
}

bool Interrupts::enter(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  Seat& seat = seats_[cpu.value];
  seat.inside = !seat.news;
  return seat.inside;
}

void Interrupts::leave(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  seats_[cpu.value].inside = false;
}

void Interrupts::send_nmi(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  if (apics_[cpu.value].accept({.delivery_mode = DeliveryMode::Nmi})) tell(cpu.value);
}

void Interrupts::read_apic(VcpuIndex cpu, std::uint64_t offset, std::span<std::uint8_t> out) {
  std::ranges::fill(out, std::uint8_t{0});
  if (!is_word(offset, out.size())) return;
  const std::lock_guard lock(mutex_);
  const std::uint32_t value = apics_[cpu.value].read(static_cast<unsigned>(offset), clock_.now());
  std::memcpy(out.data(), &value, sizeof value);
}

void Interrupts::write_apic(VcpuIndex cpu, std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (!is_word(offset, bytes.size())) return;
  std::uint32_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  const std::lock_guard lock(mutex_);
  const auto effect = apics_[cpu.value].write(static_cast<unsigned>(offset), value, clock_.now());
  if (effect.message) send(*effect.message, cpu.value);
  if (effect.end_of_interrupt) io_apic_.end_of_interrupt(*effect.end_of_interrupt);
  if (cpu.value == 0) pic_changed();  // LINT0 may be open now
}

std::uint8_t Interrupts::cr8(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  return apics_[cpu.value].cr8();
}

void Interrupts::set_cr8(VcpuIndex cpu, std::uint8_t cr8) {
  const std::lock_guard lock(mutex_);
  apics_[cpu.value].set_cr8(cr8);
}

void Interrupts::init_apic(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  apics_[cpu.value].init();
}

std::uint8_t Interrupts::read_pic(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  return pic_.read(port);
}

void Interrupts::write_pic(std::uint16_t port, std::uint8_t value) {
  const std::lock_guard lock(mutex_);
  pic_.write(port, value);
  pic_changed();
}

std::uint32_t Interrupts::read_io_apic(unsigned offset) {
  const std::lock_guard lock(mutex_);
  return io_apic_.read(offset);
}

void Interrupts::write_io_apic(unsigned offset, std::uint32_t value) {
  const std::lock_guard lock(mutex_);
  io_apic_.write(offset, value);
}

void Interrupts::reset() {
  const std::lock_guard lock(mutex_);
  pic_.reset();
  io_apic_.reset();
  for (LocalApic& apic : apics_) apic.reset();
}

void Interrupts::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  pic_.save(to);
  io_apic_.save(to);
  for (const LocalApic& apic : apics_) apic.save(to);
}

void Interrupts::restore(StateReader& from) {
  const std::lock_guard lock(mutex_);
  pic_.restore(from);
  io_apic_.restore(from);
  for (LocalApic& apic : apics_) apic.restore(from);
}

x86::InterruptControllers Interrupts::controllers() {
  const std::lock_guard lock(mutex_);
  return {pic_.master(), pic_.slave(), io_apic_.registers()};
}

x86::LocalApicRegisters Interrupts::local_apic(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  return apics_[cpu.value].registers(clock_.now());
}

}  // namespace gdbvm
