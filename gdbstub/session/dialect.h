// What the present client understands, by its own words.
#pragma once

#include <string_view>

namespace gdbstub {

struct Dialect {
  // From its qSupported.
  bool multiprocess = false;
  bool swbreak = false;
  bool hwbreak = false;
  bool no_resumed = false;
  bool error_message = false;  // reads E.text in reply to every packet
  bool lldb = false;           // decides between the two meanings of `x`, and on stop-reply keys
  bool error_strings = false;  // LLDB's QEnableErrorStrings: Exx;text-in-hex
  bool list_threads = false;   // LLDB's QListThreadsInStopReply
  bool described = false;      // it has read what registers there are; before that it knows the classic ones
};

// Reads the feature list of a qSupported packet into `dialect`.
void learn_features(Dialect& dialect, std::string_view features);

}  // namespace gdbstub
