// Clients coming and going.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// The client has the target from now on: its first packet, or its return after it had detached.
void arrive(Conversation& c);
// The connection is gone: nothing that the client planted or switched on outlives it, and a fresh client may come.
void depart(Conversation& c);

}  // namespace gdbstub
