#include "gdbstub/session/trace_probes.h"

#include <map>
#include <utility>

#include "gdbstub/trace/probe.h"

namespace gdbstub {
namespace {

using Places = std::map<Address, std::vector<std::shared_ptr<Tracepoint>>>;

Places wanted_places(TraceExperiment& experiment) {
  const std::lock_guard lock(experiment.mutex);
  Places places;
  if (!experiment.status.running) return places;
  for (const auto& [id, point] : experiment.tracepoints) {
    if (point->enabled) places[id.second].push_back(point);
  }
  return places;
}

}  // namespace

Result<> renew_probes(Conversation& c) {
  if (c.target.tracepoints() == nullptr) return {};
  Tracepoints& target = *c.target.tracepoints();
  Places wanted = wanted_places(*c.tracing.experiment);
  for (const Address address : std::exchange(c.tracing.probes, {})) {
    if (!wanted.contains(address)) static_cast<void>(target.remove(address));
  }
  Result<> done;
  for (auto& [address, points] : wanted) {
    const auto inserted = target.insert(address, make_probe(c.tracing.experiment, std::move(points)));
    if (inserted) {
      c.tracing.probes.insert(address);
      c.client.remarks.add(*inserted);
    } else if (done) {
      done = std::unexpected(inserted.error());
    }
  }
  return done;
}

void leave_trace(Conversation& c) {
  c.client.frame.reset();
  {
    const std::lock_guard lock(c.tracing.experiment->mutex);
    if (c.tracing.experiment->status.outlives_client) return;
    c.tracing.experiment->stop(TraceStatus::Stop::Disconnected);
  }
  static_cast<void>(renew_probes(c));
}

}  // namespace gdbstub
