// Whether the other end of a TCP connection is still there. A host that crashed or lost its network sends no end.
#pragma once

#include "gdbstub/server/channel.h"
#include "gdbstub/server/patience.h"

namespace gdbstub {

// Has the kernel probe a silent peer (tcp(7), keepalive); a connection that is not TCP is left as it is.
void probe_when_silent(Socket& socket, const Patience& patience);

// Whether the peer owes an acknowledgement of what it was sent, for longer than probes would take: while there is
// such data, the kernel does not probe, and goes on sending for a quarter of an hour.
bool is_unanswered(Socket& socket, const Patience& patience);

}  // namespace gdbstub
