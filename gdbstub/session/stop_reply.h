// The packets that say why the target stopped: T, W, X (GDB manual, "Stop Reply Packets").
#pragma once

#include "gdbstub/session/dialect.h"
#include "gdbstub/session/register_layout.h"
#include "gdbstub/target.h"
#include "gdbstub/wire/reply.h"

namespace gdbstub {

// What write_stop_reply looks at besides the event.
struct StopReplyContext {
  Target& target;
  const RegisterLayout& registers;
  std::size_t known_registers;  // the client knows those with numbers below
  const Dialect& dialect;
};

void write_stop_reply(Reply& reply, const StopEvent& event, const StopReplyContext& context);

// `p1.2` or `2`, as the client understands it.
void write_thread_id(Reply& reply, ThreadId thread, const Dialect& dialect);

// The signal a client sees for a reason, and LLDB's word for the reason.
Signal signal_of(const StopReason& reason);
std::string_view lldb_reason(const StopReason& reason);

}  // namespace gdbstub
