// What agent expressions compute: 64-bit two's complement that wraps and never traps.
#pragma once

#include <cstdint>
#include <optional>

#include "gdbstub/agent/bytecode.h"

namespace gdbstub::agent {

using Word = std::uint64_t;

inline bool is_division(Op op) { return op >= Op::DivSigned && op <= Op::RemUnsigned; }

// `a op b`, where b was on top of the stack. nullopt: a division by zero, or not such an operation.
std::optional<Word> compute(Op op, Word a, Word b);

// The lowest `bits` of a value, at least one, extended to a whole word.
Word sign_extended(Word value, Word bits);
Word zero_extended(Word value, Word bits);

}  // namespace gdbstub::agent
