// The probe of one place in a trace: what happens when a thread comes there.
#pragma once

#include <memory>
#include <vector>

#include "gdbstub/trace/experiment.h"
#include "gdbstub/trace_probe.h"

namespace gdbstub {

// Collects for each of the tracepoints there, in their order, while the trace runs; one hit at a time, so that
// variables are exact on any number of threads. The trace stops by itself when its buffer is full, a pass count is
// reached, or an expression fails.
std::shared_ptr<const TraceProbe> make_probe(std::shared_ptr<TraceExperiment> experiment,
                                             std::vector<std::shared_ptr<Tracepoint>> tracepoints);

}  // namespace gdbstub
