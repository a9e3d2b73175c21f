// What is known about the client of the present connection, and what it has switched on.
#pragma once

#include <optional>
#include <string_view>

#include "gdbstub/packets/command.h"
#include "gdbstub/types.h"

namespace gdbstub {

// Fresh for every connection.
struct Client {
  bool extended = false;  // `!`: the client may start the target again after killing it
  bool acks = true;
  bool non_stop = false;
  // From its qSupported.
  bool multiprocess = false;
  bool swbreak = false;
  bool hwbreak = false;
  bool no_resumed = false;
  bool error_message = false;  // reads E.text in reply to every packet
  bool lldb = false;           // decides between the two meanings of `x`, and on stop-reply keys
  bool error_strings = false;  // LLDB's QEnableErrorStrings: Exx;text-in-hex
  bool list_threads = false;   // LLDB's QListThreadsInStopReply

  bool interrupt_due = false;  // asked for, and no stop has told of it yet: the next resume does
};

// Reads the feature list of a qSupported packet into `client`.
void learn_features(Client& client, std::string_view features);

}  // namespace gdbstub
