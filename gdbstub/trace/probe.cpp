#include "gdbstub/trace/probe.h"

#include <utility>

#include "gdbstub/agent/little_endian.h"
#include "gdbstub/trace/gathering.h"

namespace gdbstub {
namespace {

using Points = std::vector<std::shared_ptr<Tracepoint>>;
using Stop = TraceStatus::Stop;

// Into the buffer, or the trace ends. The mutex is held.
void keep(TraceExperiment& experiment, Tracepoint& point, TraceGathering& gathering, const Result<>& gathered) {
  std::size_t size = 0;
  if (!gathered) return experiment.stop(Stop::Error, gathered.error().text, point.id.first);
  if (!gathering.keep(size)) return experiment.stop(Stop::BufferFull);
  point.bytes += size;
}

class Steps final : public TraceSteps {
 public:
  Steps(std::shared_ptr<TraceExperiment> experiment, Points points)
      : experiment_(std::move(experiment)), run_(experiment_->status.run) {
    for (auto& point : points) left_.push_back({std::move(point), 0});
    for (Left& each : left_) each.steps = each.point->steps;
  }

  bool after_step(HitContext& context) override {
    const std::lock_guard lock(experiment_->mutex);
    for (Left& each : left_) {
      if (!experiment_->status.running || experiment_->status.run != run_) return false;
      TraceGathering gathering(*experiment_, context, each.point->id.first, pc(context));
      const auto gathered = gathering.carry_out(each.point->step_actions);
      keep(*experiment_, *each.point, gathering, gathered);
      --each.steps;
    }
    std::erase_if(left_, [](const Left& each) { return each.steps == 0; });
    if (!experiment_->status.running) context.trace_ended();
    return experiment_->status.running && !left_.empty();
  }

 private:
  struct Left {
    std::shared_ptr<Tracepoint> point;
    std::uint64_t steps;
  };
  Address pc(HitContext& context) const {
    const TraceRegisters& registers = *experiment_->registers;
    if (!registers.pc) return {};
    std::vector<std::uint8_t> bytes(registers.sizes[registers.pc->value]);
    if (!context.read_register(*registers.pc, bytes)) return {};
    return {from_little_endian(bytes)};
  }

  std::shared_ptr<TraceExperiment> experiment_;
  std::uint64_t run_;
  std::vector<Left> left_;
};

class Probe final : public TraceProbe {
 public:
  Probe(std::shared_ptr<TraceExperiment> experiment, Points points)
      : experiment_(std::move(experiment)), points_(std::move(points)) {}

  std::shared_ptr<TraceSteps> hit(HitContext& context) const override {
    const std::lock_guard lock(experiment_->mutex);
    if (!experiment_->status.running) return nullptr;
    Points stepping;
    for (const auto& point : points_) {
      if (!experiment_->status.running) break;
      if (collect(*point, context) && point->steps > 0) stepping.push_back(point);
    }
    if (!experiment_->status.running) context.trace_ended();
    if (stepping.empty() || !experiment_->status.running) return nullptr;
    return std::make_shared<Steps>(experiment_, std::move(stepping));
  }

 private:
  // Whether it was hit: its condition is true.
  bool collect(Tracepoint& point, HitContext& context) const {
    if (!point.enabled) return false;
    TraceGathering gathering(*experiment_, context, point.id.first, point.id.second);
    if (point.condition) {
      const auto holds = gathering.holds(*point.condition);
      if (!holds) experiment_->stop(Stop::Error, holds.error().text, point.id.first);
      if (!holds || !*holds) return false;
    }
    ++point.hits;
    keep(*experiment_, point, gathering, gathering.carry_out(point.actions));
    if (point.passes > 0 && point.hits >= point.passes) experiment_->stop(Stop::PassCount, {}, point.id.first);
    return true;
  }

  std::shared_ptr<TraceExperiment> experiment_;
  Points points_;
};

}  // namespace

std::shared_ptr<const TraceProbe> make_probe(std::shared_ptr<TraceExperiment> experiment,
                                             std::vector<std::shared_ptr<Tracepoint>> tracepoints) {
  return std::make_shared<Probe>(std::move(experiment), std::move(tracepoints));
}

}  // namespace gdbstub
