// Trace state variables: numbers that expressions compute with from hit to hit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gdbstub {

struct TraceVariable {
  std::string name;  // without the $
  std::uint64_t initial = 0;
  std::uint64_t value = 0;
};

using TraceVariables = std::map<std::uint32_t, TraceVariable>;

}  // namespace gdbstub
