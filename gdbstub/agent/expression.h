// Evaluation of agent expressions (GDB manual, appendix "The GDB Agent Expression Mechanism").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "gdbstub/hit_action.h"

namespace gdbstub {

// Runs an expression to its `end` and returns the top of the stack (0 if it is empty). Arithmetic is that of 64-bit
// two's complement and never traps; division by zero, unreadable memory, a stack or program out of bounds, trace state
// variables, floating point and more than `step_limit` instructions are errors. Trace instructions do nothing here.
// `register_sizes`: in bytes, by register number.
inline constexpr std::size_t step_limit = 100'000;
Result<std::uint64_t> evaluate(Bytes expression, std::span<const std::size_t> register_sizes, HitContext& context);

}  // namespace gdbstub
