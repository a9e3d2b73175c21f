// What the stub wants to know of a place without a stop: told beside the thread that has come there.
#pragma once

#include <memory>

#include "gdbstub/hit_action.h"

namespace gdbstub {

// What is yet to be collected of one thread after a hit: the next instructions that it executes.
class TraceSteps {
 public:
  virtual ~TraceSteps() = default;
  // After each of them. false: that was the last.
  virtual bool after_step(HitContext& context) = 0;
};

// Any number of threads may hit a probe at once.
class TraceProbe {
 public:
  virtual ~TraceProbe() = default;
  // Before the thread executes the instruction there. Null, unless steps are to follow.
  virtual std::shared_ptr<TraceSteps> hit(HitContext& context) const = 0;
};

}  // namespace gdbstub
