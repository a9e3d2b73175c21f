// An interrupt message between local and I/O APICs (SDM vol. 3, 11.6.1), and the fields that the interrupt command
// register, a local vector table's entry and an I/O APIC's redirection entry have in common.
#pragma once

#include <cstdint>

#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm {

// As encoded in bits 10-8: any three bits are one of these.
enum class DeliveryMode : std::uint8_t { Fixed, LowestPriority, Smi, Reserved, Nmi, Init, StartUp, ExtInt };
enum class DestinationMode : std::uint8_t { Physical, Logical };
// As encoded in bits 19-18 of the command register.
enum class DestinationShorthand : std::uint8_t { None, Self, AllIncludingSelf, AllExcludingSelf };
enum class TriggerMode : std::uint8_t { Edge, Level };

struct ApicMessage {
  std::uint8_t destination = 0;  // of no meaning with a shorthand
  DestinationMode destination_mode = DestinationMode::Physical;
  DestinationShorthand shorthand = DestinationShorthand::None;
  DeliveryMode delivery_mode = DeliveryMode::Fixed;
  std::uint8_t vector = 0;
  TriggerMode trigger = TriggerMode::Edge;
  bool asserted = true;  // false: INIT level de-assert

  bool operator==(const ApicMessage&) const = default;
};

namespace apic_entry {

using namespace x86::apic_entry;
// Vectors below are the exceptions': none of them can be requested.
inline constexpr std::uint8_t first_vector = 16;

constexpr std::uint8_t vector(std::uint64_t entry) { return static_cast<std::uint8_t>(entry); }
constexpr DeliveryMode delivery_mode(std::uint64_t entry) { return static_cast<DeliveryMode>(entry >> 8 & 7); }
constexpr DestinationMode destination_mode(std::uint64_t entry) {
  return entry & logical ? DestinationMode::Logical : DestinationMode::Physical;
}
// With the other delivery modes an interrupt is an edge whatever the trigger mode says.
constexpr bool has_vector(DeliveryMode mode) {
  return mode == DeliveryMode::Fixed || mode == DeliveryMode::LowestPriority;
}
constexpr bool level_triggered(std::uint64_t entry) { return entry & level && has_vector(delivery_mode(entry)); }

}  // namespace apic_entry
}  // namespace gdbvm
