// Why the target stands still: asking, interrupting, and telling the client.
#pragma once

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// The last stop, or a made-up one where there was none.
StopEvent present_stop(Conversation& c);
// The reply to `?`. A client expects a stopped target when it asks: one that runs is stopped first, and that stop is
// the answer.
Handled answer_stop(Conversation& c, Reply& reply);
// Ctrl-C.
void interrupt(Conversation& c);
// In place of a resume: the stop that an earlier interrupt still has to make, if there is one.
bool answer_due_interrupt(Conversation& c, Reply& reply);
// What the target posts.
void on_stop(Conversation& c, StopEvent event);
void on_console(Conversation& c, const ConsoleOutput& output);

}  // namespace gdbstub
