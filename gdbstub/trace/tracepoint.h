// What a client has defined: where to look, on what condition, what to collect, and how often.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gdbstub/packets/command.h"
#include "gdbstub/types.h"

namespace gdbstub {

namespace trace_action {
struct Registers {  // R: those of the mask
  std::vector<RegisterNumber> numbers;
};
struct Memory {                        // M
  std::optional<RegisterNumber> base;  // its value is added to the offset
  std::uint64_t offset, length;
};
struct Evaluate {  // X
  AgentBytecode code;
};
}  // namespace trace_action
using TraceAction = std::variant<trace_action::Registers, trace_action::Memory, trace_action::Evaluate>;

// GDB gives all places of one tracepoint the same number.
using TracepointId = std::pair<std::uint32_t, Address>;

struct Tracepoint {
  // As it was last written by the user, for other clients: TYPE is `at`, `cond` or `cmd`.
  struct Source {
    std::string type;
    std::uint64_t start, total;  // of the whole text
    std::string text;
  };

  TracepointId id;
  bool enabled = true;
  std::uint64_t steps = 0;   // to be collected after a hit
  std::uint64_t passes = 0;  // hits after which the trace stops; 0: it does not
  std::optional<AgentBytecode> condition{};
  std::vector<TraceAction> actions{}, step_actions{};
  std::vector<std::string> action_texts{}, step_action_texts{};  // as they came
  std::vector<Source> sources{};
  bool in_steps = false;  // the actions that come next are those of a step

  // Of the present trace.
  std::uint64_t hits = 0;
  std::uint64_t bytes = 0;  // in frames, also those that have been dropped
};

// By number, then address.
using TracepointTable = std::map<TracepointId, std::shared_ptr<Tracepoint>>;

}  // namespace gdbstub
