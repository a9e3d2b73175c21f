#include "vmm/history/landing.h"

#include <algorithm>
#include <utility>

namespace gdbvm::history {

Landing::Landing(Vehicle& vehicle, KeyframePtr from, KeyframePtr target, Log log, Stops stops, Speed& speed)
    : vehicle_(vehicle),
      from_(std::move(from)),
      target_(std::move(target)),
      log_(log),
      stops_(stops),
      speed_(speed),
      stretch_(std::clamp(target_->time - from_->time, Time::zero(),
                          std::max(Time::zero(), target_->cpu_time - from_->cpu_time))) {
  bases_.push_back({from_, Time::zero()});
}

Came Landing::search() {
  vehicle_.put_back(from_);
  for (const auto run : {&Landing::step_into_first_handler, &Landing::run_to_known_place}) {
    const Ran::By ended = (this->*run)();
    if (ended == Ran::By::Refused) return Came::Refused;
    if (ended == Ran::By::Beyond) return Came::Lost;
  }
  for (;;) {
    if (come_near() == Ran::By::Refused) return Came::Refused;
    const Came came = step_to_target();
    if (came != Came::Lost || !go_back_further()) return came;
  }
}

// What the CPU pushes there is no access that a free run would stop after on every host.
Landing::Ran Landing::step_into_handler() {
  if (stops_ == Stops::Ignored || !vehicle_.delivers()) return {Ran::By::Limit};
  return vehicle_.step(stops_);
}

Landing::Ran::By Landing::step_into_first_handler() {
  if (stops_ == Stops::Ignored || !vehicle_.delivers() || vehicle_.is_at(*target_)) return Ran::By::Limit;
  const Ran ran = step_into_handler();
  if (ran.by == Ran::By::Limit) base_here(ran.took, ran.stop);
  return ran.by;
}

// The last meeting that is a place before the target for certain: the very last may be the step that leads there, and
// waits are where a hlt is.
std::size_t Landing::last_known_place() const {
  const auto& meetings = log_.meetings;
  if (meetings.empty() || (log_.delivered && meetings.back().delivers)) return meetings.size();
  const auto waits = [](const Meeting& meeting) { return meeting.kind == Meeting::Kind::Wait; };
  const auto last = std::find_if_not(meetings.rbegin(), meetings.rend(), waits);
  return last == meetings.rend() ? 0 : static_cast<std::size_t>(meetings.rend() - last) - 1;
}

// Where the way goes by steps, or ends.
std::size_t Landing::next_known_place(std::size_t met) const {
  const std::size_t last = last_known_place();
  if (stops_ == Stops::Ignored) return last;
  std::size_t next = met + 1;
  while (next < last && !log_.meetings[next - 1].delivers) ++next;
  return std::min(next, last);
}

// These places need no guess.
Landing::Ran::By Landing::run_to_known_place() {
  Time took = bases_.back().reached;
  std::size_t met = from_->met;
  for (const std::size_t last = last_known_place(); met < last;) {
    const std::size_t next = next_known_place(met);
    const Ran ran = vehicle_.run_to_meeting(next, stops_);
    took += ran.took;
    if (ran.by == Ran::By::Refused || ran.by == Ran::By::Beyond) return ran.by;
    if (ran.by == Ran::By::Limit) met = next;
    if (ran.stop) base_here(took, ran.stop);
    if (ran.by != Ran::By::Limit) continue;
    const Ran stepped = step_into_handler();
    if (stepped.by != Ran::By::Limit) return stepped.by;
    if (stepped.stop || met == last) base_here(took, stepped.stop);
  }
  if (met > from_->met) stretch_ = stretch_after(met);
  stretch_begins_ = bases_.back().reached;
  way_ = stretch_begins_ + speed_.scaled(stretch_);
  return Ran::By::Limit;
}

// The machine's time goes while the guest runs, or waits.
Landing::Time Landing::stretch_after(std::size_t met) const {
  if (!target_->since_met) return std::max(Time::zero(), stretch_ - bases_.back().reached);
  Time time = *target_->since_met;
  for (std::size_t i = met; i < log_.meetings.size(); ++i) {
    if (log_.meetings[i].kind != Meeting::Kind::Wait) time += log_.meetings[i].at() - log_.meetings[i - 1].at();
  }
  return time;
}

void Landing::base_here(Time reached, const std::optional<Vehicle::Stop>& stop) {
  KeyframePtr here = vehicle_.take(from_->time + reached);
  if (stop) hits_.push_back({{here, 0}, *stop});
  bases_.push_back({std::move(here), reached, hits_.size()});
}

Landing::Ran::By Landing::come_near() {
  for (;;) {
    const Time slice = std::min((way_ - bases_.back().reached) * 9 / 10, longest_slice_);
    if (slice < shortest_slice) return Ran::By::Limit;
    const Ran::By by = run_slice(slice);
    if (by == Ran::By::Refused || halves_) return by;
  }
}

// Where time is up, an exception's frame may be half pushed: a step from there leads to a place like any other.
Landing::Ran::By Landing::run_slice(Time time) {
  Ran ran = vehicle_.run_for(time, stops_);
  if (ran.by == Ran::By::Limit && stops_ == Stops::Wanted) ran.stop = vehicle_.stop_here();
  if (ran.by == Ran::By::Limit && !ran.stop) {
    const Ran step = vehicle_.step(stops_);
    ran.by = step.by;
    ran.stop = step.stop;
  }
  if (ran.by == Ran::By::Beyond) {
    longest_slice_ = time / 2;
    go_back_to_last_base();
    return ran.by;
  }
  if (ran.by == Ran::By::Refused) return ran.by;
  base_here(bases_.back().reached + std::max(ran.took, time / 16), ran.stop);
  return ran.by;
}

Came Landing::step_to_target() {
  const KeyframePtr base = bases_.back().place;
  const auto here = stops_ == Stops::Wanted ? vehicle_.stop_here() : std::nullopt;
  if (here) hits_.push_back({{base, 0}, *here});
  for (std::size_t steps = 0; steps <= patience_; ++steps) {
    if (vehicle_.is_at(*target_)) {
      place_ = {base, steps};
      if (steps == 0 && bases_.size() > 1) return Came::Lost;
      speed_.learn(stretch_, bases_.back().reached - stretch_begins_);
      return Came::There;
    }
    const Ran ran = vehicle_.step(stops_);
    if (ran.by == Ran::By::Refused) return Came::Refused;
    if (ran.by == Ran::By::Beyond) return Came::Lost;
    if (ran.stop) hits_.push_back({{base, steps + 1}, *ran.stop});
  }
  return Came::Lost;
}

void Landing::go_back_to_last_base() {
  hits_.resize(bases_.back().hits);
  vehicle_.put_back(bases_.back().place);
}

// The last base is taken to be beyond the target; when there is none left, to have been too far before it.
bool Landing::go_back_further() {
  halves_ = bases_.size() > 1;
  if (halves_) {
    const Time reached = bases_.back().reached;
    bases_.pop_back();
    longest_slice_ = (reached - bases_.back().reached) / 2;
  } else {
    if (patience_ >= last_patience) return false;
    patience_ *= 4;
    longest_slice_ = Time::max();
  }
  go_back_to_last_base();
  return true;
}

}  // namespace gdbvm::history
