// From a packet's payload to a Command: one table of prefixes, no knowledge of any target.
#pragma once

#include <span>

#include "gdbstub/packets/command.h"

namespace gdbstub {

// Never fails: an unknown packet is Unsupported, an unreadable one Malformed. Hex is decoded inside `payload`.
Command parse(std::span<char> payload);

}  // namespace gdbstub
