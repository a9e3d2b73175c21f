#include "vmm/debug/control/pending_stops.h"

#include <algorithm>
#include <utility>

namespace gdbvm {

using namespace gdbstub;

namespace {

bool hits_again(const StopReason& reason) {
  return std::holds_alternative<stop::SoftwareBreakpoint>(reason) ||
         std::holds_alternative<stop::HardwareBreakpoint>(reason);
}

int rank(const std::optional<StopEvent>& stop) {
  if (!stop || is_end(stop->reason)) return 0;
  return std::holds_alternative<stop::StepComplete>(stop->reason) ? 1 : 2;
}

}  // namespace

bool PendingStops::resumed(VcpuIndex cpu) {
  Report& report = reports_[cpu.value];
  report.awaited = true;
  report.asked_by = Signal::None;
  if (report.stop && hits_again(report.stop->reason)) report.stop.reset();
  return report.stop.has_value();
}

void PendingStops::interrupted_by(Signal signal) {
  for (Report& report : reports_) report.asked_by = signal;
}

void PendingStops::record(VcpuIndex cpu, StopReason reason, std::string message) {
  ended_ = ended_ || is_end(reason);
  reports_[cpu.value].stop = StopEvent{thread_of(cpu.value), reason, std::move(message)};
}

std::optional<StopEvent> PendingStops::take_own(VcpuIndex cpu) {
  Report& report = reports_[cpu.value];
  auto own = std::exchange(report.stop, std::nullopt);
  report.awaited = false;
  if (ended_ && !(own && is_end(own->reason))) return std::nullopt;
  if (!own) own = StopEvent{thread_of(cpu.value), stop::Signalled{report.asked_by}, {}};
  return own;
}

std::optional<std::size_t> PendingStops::next_awaited(bool with_stop) const {
  std::optional<std::size_t> chosen;
  for (std::size_t i = 1; i <= reports_.size(); ++i) {
    const std::size_t cpu = (last_told_ + i) % reports_.size();
    const Report& report = reports_[cpu];
    if (!report.awaited || report.stop.has_value() != with_stop) continue;
    if (!chosen || rank(report.stop) < rank(reports_[*chosen].stop)) chosen = cpu;
  }
  return chosen;
}

StopEvent PendingStops::take_first() {
  auto chosen = next_awaited(true);
  if (!chosen) {
    chosen = reports_[last_told_].awaited ? last_told_ : next_awaited(false).value_or(last_told_);
    reports_[*chosen].stop = StopEvent{thread_of(*chosen), stop::Signalled{Signal::Int}, {}};
  }
  for (Report& report : reports_) report.awaited = false;
  last_told_ = *chosen;
  return *std::exchange(reports_[*chosen].stop, std::nullopt);
}

std::optional<StopEvent> PendingStops::abandon() {
  std::optional<StopEvent> end;
  for (Report& report : reports_) {
    if (!end && report.stop && is_end(report.stop->reason)) end = report.stop;
    report.stop.reset();
    report.awaited = false;
  }
  return end;
}

}  // namespace gdbvm
