// How long the server bears with clients that say nothing.
#pragma once

#include <chrono>

namespace gdbstub {

struct Patience {
  // A connection without a packet after this time gives way to another one.
  std::chrono::milliseconds first_packet{3000};
  // A debugger that reconnects may be here before the end of its last connection has been read.
  std::chrono::milliseconds reconnect{100};
  // TCP: how long a peer may be silent before it is probed, how often that is repeated, and how many probes without an
  // answer mean that it is gone.
  std::chrono::seconds silence{10};
  std::chrono::seconds between_probes{3};
  int probes = 4;
};

}  // namespace gdbstub
