// The probes that a running trace has in the target.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// One for each place of an enabled tracepoint while the trace runs, and none else. Fails if the target cannot have one;
// the others are there.
Result<> renew_probes(Conversation& c);
// The client goes: the trace stops, unless it may outlive it.
void leave_trace(Conversation& c);

}  // namespace gdbstub
