// Tells a client that it cannot be served now.
#pragma once

#include "gdbstub/server/channel.h"

namespace gdbstub {

// Sends the error packet and closes once the client has, or a second later: closing at once, with the client's first
// packet unread, would reset the connection and could take the error packet with it.
void reject(Socket socket);

}  // namespace gdbstub
