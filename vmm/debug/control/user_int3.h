// An int3 of ours at CPL 3 that KVM handed to a guest without a handler for it.
#pragma once

#include <optional>

#include "vmm/debug/stops/armed_stops.h"

namespace gdbvm {

// It ends in a triple fault, with the CPU as the int3 left it. The CPU goes back to it, and the result is its address;
// nullopt, with nothing changed: the exit is something else.
std::optional<Gva> lost_user_int3(const Exit& exit, Vcpu& vcpu, const ArmedStops& armed);

}  // namespace gdbvm
