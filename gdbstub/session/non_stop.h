// Non-stop mode: each thread stops alone, and its stop is notified (GDB manual, "Remote Non-Stop").
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// The reply to `?`: the stops of all stopped threads, the first now, the rest by vStopped.
Handled answer_stopped_threads(Conversation& c, Reply& reply);
// Carries out vCont's `t`.
Result<> stop_threads(Conversation& c, const command::ResumeThreads& command);
// A thread has stopped.
void notify_stop(Conversation& c, StopEvent event);

}  // namespace gdbstub
