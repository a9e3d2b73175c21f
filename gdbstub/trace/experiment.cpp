#include "gdbstub/trace/experiment.h"

#include <chrono>
#include <utility>

namespace gdbstub {
namespace {

std::uint64_t unix_microseconds() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace

Result<std::shared_ptr<Tracepoint>> TraceExperiment::find(TracepointId id) const {
  const auto found = tracepoints.find(id);
  if (found == tracepoints.end()) return fail(fmt::format("there is no tracepoint {} at {}", id.first, id.second));
  return found->second;
}

void TraceExperiment::start(std::shared_ptr<const TraceRegisters> as_known) {
  buffer.clear();
  registers = std::move(as_known);
  for (auto& [id, tracepoint] : tracepoints) tracepoint->hits = tracepoint->bytes = 0;
  for (auto& [number, variable] : variables) variable.value = variable.initial;
  status.running = true;
  status.text.clear();
  status.started = unix_microseconds();
  status.stopped = 0;
  ++status.run;
}

void TraceExperiment::stop(TraceStatus::Stop reason, std::string text, std::uint32_t tracepoint) {
  if (!std::exchange(status.running, false)) return;
  status.stop = reason;
  status.text = std::move(text);
  status.tracepoint = tracepoint;
  status.stopped = unix_microseconds();
}

}  // namespace gdbstub
