// What a session keeps of tracing, and what of it a client looks at.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gdbstub/trace/experiment.h"
#include "gdbstub/types.h"

namespace gdbstub {

// Outlives clients.
struct Tracing {
  std::shared_ptr<TraceExperiment> experiment = std::make_shared<TraceExperiment>();
  std::set<Address> probes;                            // inserted in the target
  std::vector<std::pair<Address, Address>> read_only;  // from, and up to but not including: never collected
};

// As a client has sent it: names, notes.
inline std::string as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// It stays as it is, also where the buffer has dropped it.
struct SelectedFrame {
  std::uint64_t serial;  // see TraceBuffer
  TraceBuffer::Frame frame;
};

}  // namespace gdbstub
