// A trace from its definition to the last look at what it has collected, whichever clients come and go meanwhile.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "gdbstub/trace/buffer.h"
#include "gdbstub/trace/tracepoint.h"
#include "gdbstub/trace/variables.h"

namespace gdbstub {

struct TraceStatus {
  enum class Stop { NotRun, Asked, BufferFull, Disconnected, PassCount, Error };

  bool running = false;
  Stop stop = Stop::NotRun;                // why it does not run
  std::string text;                        // of Asked and Error
  std::uint32_t tracepoint = 0;            // of PassCount and Error
  std::uint64_t started = 0, stopped = 0;  // microseconds of Unix time
  std::uint64_t run = 0;                   // counts the starts
  bool outlives_client = false;            // QTDisconnected
  std::string user, notes, stop_note;
};

// All under the mutex: hits come on any thread. Nobody holds it who calls the target.
struct TraceExperiment {
  std::mutex mutex;
  TracepointTable tracepoints;
  TraceVariables variables;
  TraceBuffer buffer;
  TraceStatus status;
  std::shared_ptr<const TraceRegisters> registers;  // as the client that started it knows them; null: none has yet

  // Fails in words if there is none of that name.
  Result<std::shared_ptr<Tracepoint>> find(TracepointId id) const;
  // From here on hits are collected, with nothing collected yet.
  void start(std::shared_ptr<const TraceRegisters> as_known);
  // Nothing, unless it runs.
  void stop(TraceStatus::Stop reason, std::string text = {}, std::uint32_t tracepoint = 0);
};

}  // namespace gdbstub
