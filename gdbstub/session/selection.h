// Which thread a packet means, and whether it may be asked anything now.
#pragma once

#include <optional>
#include <vector>

#include "gdbstub/session/conversation.h"

namespace gdbstub {

// Fails when there is nothing to be debugged, and says why: the client has detached, or the target has been killed or
// has ended. There are no threads then.
Result<> require_process(const Conversation& c);
std::vector<ThreadId> threads_of(Conversation& c);
// Fails without a process, and in all-stop mode while the target runs.
Result<> require_stopped(const Conversation& c);
// The thread of Hg, or else the one that stopped last.
ThreadId general_thread(Conversation& c);
// Any and all, and none named, mean the general thread; one that is named must exist.
Result<ThreadId> resolve(Conversation& c, const ThreadSelector& selector);
Result<ThreadId> resolve(Conversation& c, const std::optional<ThreadSelector>& selector);
// resolve() if require_stopped().
Result<ThreadId> resolve_stopped(Conversation& c, const std::optional<ThreadSelector>& selector);

}  // namespace gdbstub
