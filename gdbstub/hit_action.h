// What the stub wants done when a breakpoint or watchpoint is hit, evaluated beside the stopped thread.
#pragma once

#include <string_view>

#include "gdbstub/types.h"

namespace gdbstub {

// The stopped thread as an agent expression sees it. Lives only for the duration of one evaluation.
class HitContext {
 public:
  virtual ~HitContext() = default;
  // Fills `out` (the register's full size) or says why not.
  virtual Result<> read_register(RegisterNumber number, MutableBytes out) = 0;
  // Fills all of `out` or says why not.
  virtual Result<> read_memory(Address address, MutableBytes out) = 0;
  virtual Result<> write_memory(Address address, Bytes bytes) = 0;
  // Text for the debugger's console (agent printf).
  virtual void print(std::string_view text) = 0;
  // The trace that this hit belonged to has ended with it: TraceEnded is posted (see Tracepoints).
  virtual void trace_ended() {}
};

enum class Verdict { Stop, Resume };

// The conditions and commands that came with a Z packet. Immutable, so any number of threads may evaluate it at once.
class HitAction {
 public:
  virtual ~HitAction() = default;
  virtual Verdict evaluate(HitContext& context) const = 0;
};

}  // namespace gdbstub
