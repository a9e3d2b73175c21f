// Registers by their numbers in the description.
#pragma once

#include <cstdint>
#include <vector>

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// Fills `out` with all bytes of a register.
Result<> read_register(Conversation& c, ThreadId thread, RegisterNumber number, std::vector<std::uint8_t>& out);

}  // namespace gdbstub
