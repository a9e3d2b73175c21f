// Which local APICs a message goes to (SDM vol. 3, 11.6.2).
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <span>

#include "vmm/devices/local_apic.h"

namespace gdbvm::apic_bus {

inline constexpr std::size_t most_cpus = 255;

// A bit for each local APIC that took the message: its CPU may have something to do now.
using Reached = std::bitset<most_cpus>;

// `apics` are at most most_cpus; the first of several equals takes a lowest-priority message. `sender`: whose command
// register the message came from; needed for shorthands.
Reached deliver(const ApicMessage& message, std::span<LocalApic> apics, std::optional<std::size_t> sender = {});

}  // namespace gdbvm::apic_bus
