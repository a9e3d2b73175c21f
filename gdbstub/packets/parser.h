// From a packet's payload to a Command: one table of prefixes, which touches no target.
#pragma once

#include <span>

#include "gdbstub/packets/capability.h"
#include "gdbstub/packets/command.h"

namespace gdbstub {

// What a client asks for. A target without the capability never sees the packet: the reply is empty.
struct Request {
  Command command;
  Capability needs;
};

// Never fails: an unknown packet is Unsupported, an unreadable one Malformed. Hex is decoded inside `payload`.
Request parse(std::span<char> payload);

}  // namespace gdbstub
