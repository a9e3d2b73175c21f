// The conditions and commands of one breakpoint or watchpoint, as its Z packet brings them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "gdbstub/hit_action.h"
#include "gdbstub/packets/command.h"

namespace gdbstub {

// A hit stops if any condition is true, or if there is none. With commands, it runs them instead of stopping. An
// expression that fails prints why and stops. `register_sizes`: in bytes, by register number.
std::shared_ptr<const HitAction> make_hit_action(std::vector<AgentBytecode> conditions,
                                                 std::vector<AgentBytecode> commands,
                                                 std::vector<std::size_t> register_sizes);

}  // namespace gdbstub
