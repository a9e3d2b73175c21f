// An int3 of ours at CPL 3 that KVM handed to a guest without a handler for it.
#pragma once

#include <optional>

#include "vmm/debug/stops/armed_stops.h"

namespace gdbvm {

// It ends in a triple fault, with the CPU as the int3 left it: the result is its address. nullopt: the exit is
// something else. A fault of the instruction after it looks the same.
std::optional<Gva> lost_user_int3(const Exit& exit, Vcpu& vcpu, const ArmedStops& armed);
// The int3 has not happened: the CPU goes back to it.
void take_back_int3(Vcpu& vcpu);

}  // namespace gdbvm
