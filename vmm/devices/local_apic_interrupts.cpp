// How interrupts come to a local APIC, and from it to its CPU (SDM vol. 3, 11.5, 11.6 and 11.8).
#include <algorithm>

#include "vmm/devices/local_apic.h"
#include "vmm/devices/local_apic_bits.h"
#include "vmm/devices/local_apic_vectors.h"

namespace gdbvm {

namespace lapic = x86::lapic;
using local_apic::clear_vector, local_apic::highest_vector, local_apic::set_vector;

namespace {

constexpr std::uint8_t class_of(unsigned priority) { return static_cast<std::uint8_t>(priority & 0xf0); }

}  // namespace

bool LocalApic::software_enabled() const { return at(lapic::spurious) & local_apic::enabled; }

bool LocalApic::matches(std::uint8_t destination, DestinationMode mode) const {
  constexpr std::uint8_t everyone = 0xff;
  if (destination == everyone) return true;
  if (mode == DestinationMode::Physical) return at(lapic::id) >> 24 == destination;
  const std::uint32_t logical_id = at(lapic::logical_destination) >> 24;
  switch (at(lapic::destination_format) >> 28) {
    case 0xf:  // flat
      return logical_id & destination;
    case 0x0:  // clusters of four
      return logical_id >> 4 == destination >> 4 && (logical_id & destination & 0xf) != 0;
    default:
      return false;
  }
}

// 11.8.3.1
std::uint8_t LocalApic::processor_priority() const {
  const auto task = static_cast<std::uint8_t>(at(lapic::task_priority));
  const std::uint8_t servicing = class_of(highest_vector(state_.page, lapic::in_service).value_or(0));
  return class_of(task) >= servicing ? task : servicing;
}

std::uint8_t LocalApic::arbitration_priority() const {
  const auto task = static_cast<std::uint8_t>(at(lapic::task_priority));
  const std::uint8_t servicing = class_of(highest_vector(state_.page, lapic::in_service).value_or(0));
  const std::uint8_t requested = class_of(highest_vector(state_.page, lapic::requests).value_or(0));
  if (class_of(task) >= requested && class_of(task) > servicing) return task;
  return std::max({class_of(task), servicing, requested});
}

bool LocalApic::accept(const ApicMessage& message) {
  switch (message.delivery_mode) {
    case DeliveryMode::Fixed:
    case DeliveryMode::LowestPriority:
      return software_enabled() && request(message.vector, message.trigger);
    case DeliveryMode::Nmi:
      state_.nmi = 1;
      return true;
    case DeliveryMode::Init:
      if (!message.asserted) return false;
      state_.init = 1;
      state_.start_up = 0;
      return true;
    case DeliveryMode::StartUp:
      state_.start_up = 1;
      state_.start_up_page = message.vector;
      return true;
    case DeliveryMode::Smi:
    case DeliveryMode::Reserved:
    case DeliveryMode::ExtInt:
      return false;
  }
  return false;
}

bool LocalApic::request(std::uint8_t vector, TriggerMode trigger) {
  if (vector < apic_entry::first_vector) {
    report(local_apic::receive_illegal_vector);
    return true;
  }
  set_vector(state_.page, lapic::requests, vector);
  if (trigger == TriggerMode::Level)
    set_vector(state_.page, lapic::trigger_mode, vector);
  else
    clear_vector(state_.page, lapic::trigger_mode, vector);
  return true;
}

// An entry of the local vector table whose source has had an event.
void LocalApic::raise(unsigned lvt) {
  const std::uint32_t entry = at(lvt);
  if (entry & apic_entry::masked) return;
  const DeliveryMode mode = apic_entry::delivery_mode(entry);
  if (mode == DeliveryMode::StartUp) return;  // reserved here
  accept({.delivery_mode = mode, .vector = apic_entry::vector(entry)});
}

void LocalApic::set_lint(unsigned pin, bool asserted) {
  const auto bit = static_cast<std::uint8_t>(1u << (pin & 1));
  const bool was_asserted = state_.lint & bit;
  state_.lint = static_cast<std::uint8_t>(asserted ? state_.lint | bit : state_.lint & ~bit);
  // LINT1 is an edge always (11.5.1).
  const unsigned lvt = pin == 0 ? lapic::lvt_lint0 : lapic::lvt_lint1;
  if (pin == 0 && apic_entry::level_triggered(at(lvt)))
    drive_level_lint0();
  else if (asserted && !was_asserted)
    raise(lvt);
}

// Once for each end of interrupt, while the pin is asserted.
void LocalApic::drive_level_lint0() {
  std::uint32_t& entry = at(lapic::lvt_lint0);
  if (!(state_.lint & 1) || entry & (apic_entry::masked | apic_entry::remote_request)) return;
  if (apic_entry::delivery_mode(entry) != DeliveryMode::Fixed || !apic_entry::level_triggered(entry)) return;
  if (request(apic_entry::vector(entry), TriggerMode::Level)) entry |= apic_entry::remote_request;
}

// The guest's write of the error register arms the interrupt again (11.5.3).
void LocalApic::report(std::uint32_t error) {
  const bool armed = state_.errors == 0;
  state_.errors |= error;
  if (armed) raise(lapic::lvt_error);
}

std::optional<ApicMessage> LocalApic::send(std::uint32_t command) {
  constexpr std::uint32_t writable = 0xccfff, asserted = 1u << 14;
  command &= writable;
  at(lapic::command_low) = command;
  const DeliveryMode mode = apic_entry::delivery_mode(command);
  const std::uint8_t vector = apic_entry::vector(command);
  if (mode == DeliveryMode::Reserved || mode == DeliveryMode::ExtInt) return std::nullopt;
  if (apic_entry::has_vector(mode) && vector < apic_entry::first_vector) {
    report(local_apic::send_illegal_vector);
    return std::nullopt;
  }
  // Only a de-asserted INIT is a level: else the trigger mode is ignored (11.6.1).
  const bool deasserted = mode == DeliveryMode::Init && command & apic_entry::level && !(command & asserted);
  return ApicMessage{.destination = static_cast<std::uint8_t>(at(lapic::command_high) >> 24),
                     .destination_mode = apic_entry::destination_mode(command),
                     .shorthand = static_cast<DestinationShorthand>(command >> 18 & 3),
                     .delivery_mode = mode,
                     .vector = vector,
                     .trigger = deasserted ? TriggerMode::Level : TriggerMode::Edge,
                     .asserted = !deasserted};
}

std::optional<std::uint8_t> LocalApic::pending() const {
  const auto vector = highest_vector(state_.page, lapic::requests);
  if (!vector || !software_enabled() || class_of(*vector) <= class_of(processor_priority())) return std::nullopt;
  return vector;
}

std::uint8_t LocalApic::acknowledge() {
  const auto vector = pending();
  if (!vector) return static_cast<std::uint8_t>(at(lapic::spurious));
  clear_vector(state_.page, lapic::requests, *vector);
  set_vector(state_.page, lapic::in_service, *vector);
  return *vector;
}

void LocalApic::give_back(std::uint8_t vector) {
  if (!state_.page.bit(lapic::in_service, vector)) return;
  clear_vector(state_.page, lapic::in_service, vector);
  set_vector(state_.page, lapic::requests, vector);
}

std::optional<std::uint8_t> LocalApic::end_of_interrupt() {
  const auto vector = highest_vector(state_.page, lapic::in_service);
  if (!vector) return std::nullopt;
  clear_vector(state_.page, lapic::in_service, *vector);
  if (!state_.page.bit(lapic::trigger_mode, *vector)) return std::nullopt;
  if (apic_entry::vector(at(lapic::lvt_lint0)) == *vector) {
    at(lapic::lvt_lint0) &= ~apic_entry::remote_request;
    drive_level_lint0();
  }
  return vector;
}

bool LocalApic::has_signals() const { return state_.nmi || state_.init || state_.start_up; }

LocalApic::Signals LocalApic::take_signals() {
  Signals signals{.nmi = state_.nmi != 0, .init = state_.init != 0, .start_up = {}};
  if (state_.start_up) signals.start_up = state_.start_up_page;
  state_.nmi = state_.init = state_.start_up = state_.start_up_page = 0;
  return signals;
}

bool LocalApic::accepts_ext_int() const {
  const std::uint32_t entry = at(lapic::lvt_lint0);
  return !(entry & apic_entry::masked) && apic_entry::delivery_mode(entry) == DeliveryMode::ExtInt;
}

bool LocalApic::changes_nothing(unsigned lvt) const {
  const std::uint32_t entry = at(lvt);
  if (entry & apic_entry::masked) return true;
  const std::uint8_t vector = apic_entry::vector(entry);
  if (vector < apic_entry::first_vector) return state_.errors & local_apic::receive_illegal_vector;
  return state_.page.bit(lapic::requests, vector);
}

std::optional<LocalApic::Time> LocalApic::next_event() const {
  return changes_nothing(lapic::lvt_timer) ? std::nullopt : timer_.expiry(timer_setup());
}

void LocalApic::advance(Time now) {
  if (timer_.advance(timer_setup(), now)) raise(lapic::lvt_timer);
}

}  // namespace gdbvm
