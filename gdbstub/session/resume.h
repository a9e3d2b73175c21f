// The end of every resume, forward or backward.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// The target has been resumed. In non-stop mode the reply is OK and stops are notified; in all-stop mode the stop is
// the reply.
Handled resumed(Conversation& c, Reply& reply);

}  // namespace gdbstub
