#include "vmm/devices/apic_bus.h"

#include <algorithm>

namespace gdbvm::apic_bus {

namespace {

bool addressed(const ApicMessage& message, const LocalApic& apic, bool is_sender) {
  switch (message.shorthand) {
    case DestinationShorthand::None:
      return apic.matches(message.destination, message.destination_mode);
    case DestinationShorthand::Self:
      return is_sender;
    case DestinationShorthand::AllIncludingSelf:
      return true;
    case DestinationShorthand::AllExcludingSelf:
      return !is_sender;
  }
  return false;
}

std::optional<std::size_t> least_busy(const Reached& candidates, std::span<const LocalApic> apics) {
  std::optional<std::size_t> least;
  for (std::size_t i = 0; i < apics.size(); ++i) {
    if (!candidates[i] || !apics[i].software_enabled()) continue;
    if (!least || apics[i].arbitration_priority() < apics[*least].arbitration_priority()) least = i;
  }
  return least;
}

}  // namespace

Reached deliver(const ApicMessage& message, std::span<LocalApic> apics, std::optional<std::size_t> sender) {
  Reached candidates;
  apics = apics.first(std::min(apics.size(), most_cpus));
  for (std::size_t i = 0; i < apics.size(); ++i) candidates[i] = addressed(message, apics[i], sender == i);
  if (message.delivery_mode == DeliveryMode::LowestPriority) {
    const auto chosen = least_busy(candidates, apics);
    candidates.reset();
    if (chosen) candidates.set(*chosen);
  }
  Reached reached;
  for (std::size_t i = 0; i < apics.size(); ++i)
    if (candidates[i]) reached[i] = apics[i].accept(message);
  return reached;
}

}  // namespace gdbvm::apic_bus
