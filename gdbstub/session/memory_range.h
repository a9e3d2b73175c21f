// Ranges of memory as clients name them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "gdbstub/types.h"

namespace gdbstub {

// How much of a range lies within the address space, beyond whose end there is nothing.
inline std::uint64_t bounded_length(Address start, std::uint64_t length) {
  const std::uint64_t to_end = 0 - start.value;  // 0: all of it
  return to_end == 0 ? length : std::min(length, to_end);
}

}  // namespace gdbstub
