// The bytecode of conditions and commands (GDB manual, appendix "The GDB Agent Expression Mechanism").
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "gdbstub/hit_action.h"
#include "gdbstub/packets/command.h"

namespace gdbstub {

// Runs an expression to its `end` and returns the top of the stack (0 if it is empty). Arithmetic is that of 64-bit
// two's complement and never traps; division by zero, unreadable memory, a stack or program out of bounds, trace state
// variables, floating point and more than `step_limit` instructions are errors. Trace instructions do nothing here.
inline constexpr std::size_t step_limit = 100'000;
Result<std::uint64_t> evaluate(Bytes expression, std::span<const std::size_t> register_sizes, HitContext& context);

// A hit stops if any condition is true, or if there is none. With commands, it runs them in place of stopping. An
// expression that fails prints why and stops. `register_sizes`: in bytes, by register number.
std::shared_ptr<const HitAction> make_hit_action(std::vector<AgentBytecode> conditions,
                                                 std::vector<AgentBytecode> commands,
                                                 std::vector<std::size_t> register_sizes);

}  // namespace gdbstub
