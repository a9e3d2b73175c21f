// Turns a second client away in words.
#pragma once

#include "gdbstub/server/channel.h"

namespace gdbstub {

// Sends the error packet and closes once the client has, or a second later: closing at once, with the client's first
// packet unread, would reset the connection and could take the words with it.
void refuse(Socket socket);

}  // namespace gdbstub
