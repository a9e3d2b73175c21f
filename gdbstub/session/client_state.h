// Everything that belongs to the present client. When it goes, a fresh value takes its place.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "gdbstub/packets/command.h"
#include "gdbstub/session/breakpoint_table.h"
#include "gdbstub/session/dialect.h"
#include "gdbstub/session/non_stop_queue.h"
#include "gdbstub/session/remarks.h"
#include "gdbstub/session/saved_registers.h"
#include "gdbstub/session/served_files.h"
#include "gdbstub/session/tracing.h"
#include "gdbstub/session/transfer.h"
#include "gdbstub/session/work.h"

namespace gdbstub {

// Acknowledgement of packets.
struct AckMode {
  bool on = true;
  bool resends = true;      // also the reply to the packet that turned it off
  std::string last_packet;  // for a NACK
};

struct ClientState {
  // None: it has not sent a packet yet. Left: it detached or killed, and is still connected. Killed: the same in
  // extended mode, where the target is kept for a restart.
  enum class Tenure { None, Attached, Left, Killed };
  // What the next stop event answers.
  enum class Awaiting { Nothing, Resumed, Query };

  Tenure tenure = Tenure::None;
  Awaiting awaiting = Awaiting::Nothing;
  Dialect dialect;
  AckMode acks;
  bool extended = false;  // `!`: it may start the target again after killing it
  bool non_stop = false;
  bool interrupt_due = false;  // asked for, and no stop has told of it yet: the next resume does
  ThreadSelector general_thread{};
  ThreadSelector continue_thread{ThreadSelector::Kind::All, {}};
  BreakpointTable planted;
  NonStopQueue stops;
  Remarks remarks;
  SavedRegisters saved_registers;
  Transfer transfer;
  ServedFiles files;
  std::optional<SelectedFrame> frame;                    // of a trace; registers and memory are its own
  std::deque<std::string> tracepoints, trace_variables;  // of its present uploads: what it has not been told yet
  std::unique_ptr<Work> work;  // of the packet that it waits for the reply to; null: there is none
};

}  // namespace gdbstub
