#include "vmm/debug/control/rerun.h"

#include <utility>

#include "vmm/history/between_instructions.h"

namespace gdbvm {

using history::Keyframe;
using history::KeyframePtr;
using By = history::Vehicle::Ran::By;

namespace {

// Stops that a user waits for; the others belong to how the debugger goes on.
bool waited_for(const StopOrGo& stop) {
  return stop && !gdbstub::is_end(stop->reason) && !std::holds_alternative<gdbstub::stop::StepComplete>(stop->reason) &&
         !std::holds_alternative<gdbstub::stop::LibrariesChanged>(stop->reason);
}

}  // namespace

KeyframePtr Rerun::take(std::chrono::nanoseconds time) {
  Keyframe taken = keyframes_.take();
  taken.event = replayer_.event();
  taken.met = replayer_.met();
  taken.at_start = replayer_.at_start();
  taken.at_meeting = replayer_.at_meeting();
  taken.time = taken.cpu_time = time;
  taken.told = told_;
  return std::make_shared<const Keyframe>(std::move(taken));
}

void Rerun::put_back(const KeyframePtr& place) {
  thread_.put_elsewhere([&] { keyframes_.put_back(*place); });
  replayer_.starts_from(*place);
  watched_.reset();
  told_ = place->told;
}

bool Rerun::is_uneventful(const Keyframe& one, const Keyframe& other) {
  if (!watched_) watched_ = thread_.watched_pages(waited_);
  return watched_ && watched_->translates_like(one.system) && watched_->translates_like(other.system) &&
         keyframes_.ram().untouched(one.machine.ram, other.machine.ram, watched_->numbers);
}

Rerun::Ran Rerun::run_to_meeting(std::size_t meeting, Stops stops) {
  replayer_.end_at(meeting, std::nullopt);
  return run(stops);
}

Rerun::Ran Rerun::run_for(std::chrono::nanoseconds time, Stops stops) {
  replayer_.end_at(std::nullopt, thread_.clock().host_now() + time);
  return run(stops);
}

Rerun::Ran Rerun::run(Stops stops) {
  watched_.reset();
  thread_.plan_again(gdbstub::ResumeKind::Continue, std::exchange(told_, false));
  const auto began = replayer_.progress();
  const auto ran = [&](By by) {
    thread_.settle();
    return Ran{by, {}, replayer_.progress() - began};
  };
  for (;;) {
    if (!thread_.lets_others_in()) return ran(By::Refused);
    const StopOrGo stop = thread_.turn_again();
    if (replayer_.beyond() || (stop && ends(*stop))) return ran(By::Beyond);
    if (stop && gdbstub::is_end(stop->reason)) return ran(By::Limit);
    if (waited_for(stop) && stops == Stops::Wanted) {
      Ran result = ran(By::Stop);
      result.stop = note(*stop);
      told_ = !result.stop->after;
      return result;
    }
    if (stop) thread_.plan_again(gdbstub::ResumeKind::Continue, !is_after(*stop));
    if (replayer_.ended() && history::between_instructions(thread_.vcpu())) return ran(By::Limit);
  }
}

Rerun::Ran Rerun::step(Stops stops) {
  told_ = false;
  watched_.reset();
  replayer_.end_at(std::nullopt, std::nullopt);
  thread_.plan_again(gdbstub::ResumeKind::Step, false);
  StopOrGo stop;
  do {
    if (!thread_.lets_others_in()) return {By::Refused};
    const bool ran = thread_.vcpu().run_state() == x86::RunState::Runnable;
    stop = thread_.turn_again();
    if (replayer_.beyond() || (stop && ends(*stop))) return {By::Beyond};
    if (ran && thread_.vcpu().run_state() != x86::RunState::Runnable) break;  // the step was a hlt
  } while (!stop);
  if (stops == Stops::Ignored) return {By::Limit};
  return {By::Limit, waited_for(stop) ? note(*stop) : stop_here()};
}

std::optional<Rerun::Stop> Rerun::stop_here() {
  if (told_ || delivers()) return std::nullopt;
  const StopOrGo stop = thread_.stop_here();
  return waited_for(stop) ? std::optional(note(*stop)) : std::nullopt;
}

// The guest's end, of whatever kind, unless that is where a recording ends.
bool Rerun::ends(const VcpuStop& stop) const {
  return stop.failure || (gdbstub::is_end(stop.reason) && !replayer_.at_last_meeting());
}

bool Rerun::is_after(const VcpuStop& stop) { return std::holds_alternative<gdbstub::stop::Watchpoint>(stop.reason); }

Rerun::Stop Rerun::note(VcpuStop stop) {
  const Stop noted{stops_.size(), is_after(stop)};
  stops_.push_back(std::move(stop));
  return noted;
}

}  // namespace gdbvm
