// The actions of a tracepoint, as QTDP brings them.
#pragma once

#include <cstddef>
#include <string_view>

#include "gdbstub/trace/tracepoint.h"

namespace gdbstub {

// Appends the actions of one packet to a tracepoint: `[S]R... M... X...`, where S begins those of while-stepping. Fails
// in words, and has changed nothing. `registers`: how many there are.
Result<> add_actions(Tracepoint& tracepoint, std::string_view text, std::size_t registers);

}  // namespace gdbstub
