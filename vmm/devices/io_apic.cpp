#include "vmm/devices/io_apic.h"

#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {
// IOREGSEL's values (data sheet, 3.1).
constexpr std::uint32_t io_apic_id = 0, io_apic_version = 1, io_apic_arbitration = 2, first_entry = 0x10;
// No register for ends of interrupt, which came with version 0x20.
constexpr std::uint32_t version_82093aa = 0x11;
constexpr std::uint32_t id_bits = 0x0f000000, destination_bits = 0xff000000;
constexpr std::uint32_t writable_in_entry = apic_entry::vector_bits | apic_entry::delivery_bits | apic_entry::logical |
                                            apic_entry::active_low | apic_entry::level | apic_entry::masked;
}  // namespace

IoApic::IoApic(Send send) : send_(std::move(send)) { reset(); }

void IoApic::reset() {
  const std::uint32_t lines = state_.requests;
  state_ = {};
  state_.base = x86::wiring::io_apic;
  state_.requests = lines;
  state_.redirection.fill(apic_entry::masked);
}

std::uint32_t IoApic::read(unsigned offset) const {
  if (offset == select_offset) return state_.select;
  return offset == window_offset ? read_window() : 0;
}

std::uint32_t IoApic::read_window() const {
  switch (state_.select) {
    case io_apic_id:
    case io_apic_arbitration:
      return (state_.id & 0xf) << 24;
    case io_apic_version:
      return (pins - 1) << 16 | version_82093aa;
    default:
      break;
  }
  const std::uint32_t index = state_.select - first_entry;
  if (index >= 2 * pins) return 0;
  return static_cast<std::uint32_t>(state_.redirection[index / 2] >> (index % 2 ? 32 : 0));
}

void IoApic::write(unsigned offset, std::uint32_t value) {
  if (offset == select_offset) {
    state_.select = value & 0xff;
  } else if (offset == window_offset) {
    if (state_.select == io_apic_id)
      state_.id = (value & id_bits) >> 24;
    else if (state_.select >= first_entry && state_.select < first_entry + 2 * pins)
      write_entry(state_.select - first_entry, value);
  }
}

void IoApic::write_entry(unsigned index, std::uint32_t value) {
  constexpr std::uint64_t low_half = UINT32_MAX;
  std::uint64_t& entry = state_.redirection[index / 2];
  if (index % 2) {
    entry = (entry & low_half) | std::uint64_t{value & destination_bits} << 32;
    return;
  }
  // Remote IRR lasts until the end of interrupt, or until the pin is an edge.
  std::uint64_t low = value & writable_in_entry;
  if (apic_entry::level_triggered(low)) low |= entry & apic_entry::remote_request;
  entry = (entry & ~low_half) | low;
  drive_level(index / 2);
}

void IoApic::set_line(unsigned pin, bool level) {
  if (pin >= pins) return;
  const bool was_asserted = asserted(pin);
  const std::uint32_t bit = 1u << pin;
  state_.requests = level ? state_.requests | bit : state_.requests & ~bit;
  if (apic_entry::level_triggered(state_.redirection[pin]))
    drive_level(pin);
  else if (level && !was_asserted)
    send(pin);
}

void IoApic::end_of_interrupt(std::uint8_t vector) {
  for (unsigned pin = 0; pin < pins; ++pin) {
    std::uint64_t& entry = state_.redirection[pin];
    if (apic_entry::vector(entry) != vector || !apic_entry::level_triggered(entry)) continue;
    entry &= ~std::uint64_t{apic_entry::remote_request};
    drive_level(pin);
  }
}

// Once for each end of interrupt, while the line is asserted. What no local APIC took is tried again when the guest
// writes the entry or the device asserts the line again.
void IoApic::drive_level(unsigned pin) {
  std::uint64_t& entry = state_.redirection[pin];
  if (!asserted(pin) || !apic_entry::level_triggered(entry) || entry & apic_entry::remote_request) return;
  if (send(pin)) entry |= apic_entry::remote_request;
}

bool IoApic::send(unsigned pin) {
  const std::uint64_t entry = state_.redirection[pin];
  if (entry & apic_entry::masked) return false;
  const DeliveryMode mode = apic_entry::delivery_mode(entry);
  if (mode == DeliveryMode::Reserved || mode == DeliveryMode::StartUp) return false;  // both reserved here
  return send_({.destination = static_cast<std::uint8_t>(entry >> 56),
                .destination_mode = apic_entry::destination_mode(entry),
                .delivery_mode = mode,
                .vector = apic_entry::vector(entry),
                .trigger = apic_entry::level_triggered(entry) ? TriggerMode::Level : TriggerMode::Edge});
}

}  // namespace gdbvm
