// Evaluation of agent expressions (GDB manual, appendix "The GDB Agent Expression Mechanism").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "gdbstub/hit_action.h"

namespace gdbstub {

// What a trace does with an expression's trace instructions, and where its trace state variables live.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  // Records that many bytes; of a string, at most so many, up to its NUL. What cannot be read is left out.
  virtual void trace_memory(Address address, std::uint64_t length) = 0;
  virtual void trace_string(Address address, std::uint64_t limit) = 0;
  // A number of no variable is an error.
  virtual Result<> trace_variable(std::uint32_t number) = 0;
  virtual Result<std::uint64_t> variable(std::uint32_t number) = 0;
  virtual Result<> set_variable(std::uint32_t number, std::uint64_t value) = 0;
};

// Runs an expression to its `end` and returns the top of the stack (0 if it is empty). Arithmetic is that of 64-bit
// two's complement and never traps; division by zero, unreadable memory, a stack or program out of bounds, floating
// point and more than `step_limit` instructions are errors; without a sink, trace instructions do nothing and trace
// state variables are errors. `register_sizes`: in bytes, by register number.
inline constexpr std::size_t step_limit = 100'000;
Result<std::uint64_t> evaluate(Bytes expression, std::span<const std::size_t> register_sizes, HitContext& context,
                               TraceSink* sink = nullptr);

}  // namespace gdbstub
