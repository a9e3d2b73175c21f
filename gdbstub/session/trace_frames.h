// Registers and memory as the frame has them that the client has selected.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// Fills `out` (the register's size). Fails if it was not collected; the pc is always known.
Result<> read_frame_register(const Conversation& c, RegisterNumber number, MutableBytes out);
// Of the target, or of the frame if one is selected: then what was collected, and what never changes (QTro).
Result<std::size_t> read_present_memory(Conversation& c, Address address, MutableBytes out);
// Fails in words while a frame is selected: this is for the target alone.
Result<> require_no_frame(const Conversation& c);

}  // namespace gdbstub
