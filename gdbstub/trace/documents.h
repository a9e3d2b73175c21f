// What is told of a trace: its status, its definitions, what a frame has, and all of it as a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gdbstub/trace/experiment.h"

namespace gdbstub {

// The reply to qTStatus without its T. The experiment's mutex is held, here and below.
std::string status_text(const TraceExperiment& experiment);
// The replies to qTfP and each qTsP: a definition, its actions, what its user wrote.
std::vector<std::string> tracepoint_pieces(const TracepointTable& tracepoints);
// The replies to qTfV and each qTsV.
std::vector<std::string> variable_pieces(const TraceVariables& variables);
// qXfer:traceframe-info.
std::string frame_document(const TraceFrame& frame);
// A trace file, as GDB's `tsave` writes it. `register_block`: its size where no frame has one.
std::string trace_file(const TraceExperiment& experiment, std::size_t register_block, std::string_view description);

}  // namespace gdbstub
