#include "vmm/history/traveller.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace gdbvm::history {

using At = Arrival::At;
using Stops = Vehicle::Stops;

void Traveller::leaves(KeyframePtr present) {
  present_ = present;
  trail_ = {std::move(present)};
  trail_begins_.reset();
}

void Traveller::settles() {
  present_ = nullptr;
  trail_.clear();
  trail_begins_.reset();
}

// ---- what the timeline says of places -------------------------------------------------------------------------------

Event Traveller::segment_before(const KeyframePtr& place) const {
  return place->at_start ? place->event - 1 : place->event;
}

bool Traveller::begins_all(const KeyframePtr& place) const {
  return place->at_start && place->event == timeline_.first();
}

KeyframePtr Traveller::end_of(Event event) const {
  if (event == timeline_.last()) return present_;
  const KeyframePtr& end = timeline_.at(event).end;
  return end ? end : timeline_.at(event + 1).start;
}

// Before the machine was changed, which is a step of its own.
bool Traveller::is_before_change(const KeyframePtr& place) const {
  return place != present_ && place == timeline_.at(place->event).end;
}

Landing Traveller::way(const KeyframePtr& from, const KeyframePtr& target, Stops stops) {
  const bool inside = target->event == from->event && !(target->at_start && target != from);
  const std::span<const Meeting> meetings = timeline_.at(from->event).meetings;
  const Landing::Log log{inside ? meetings.first(std::min(target->met, meetings.size())) : meetings,
                         !inside || !target->at_meeting};
  return Landing(vehicle_, from, target, log, stops, speed_);
}

// An interrupt is taken there, so that the instruction is not the next.
bool Traveller::is_taken_away(const KeyframePtr& place) const {
  return place->at_start && timeline_.at(place->event).delivers;
}

// ---- moves ----------------------------------------------------------------------------------------------------------

void Traveller::stand_at(KeyframePtr place) {
  vehicle_.put_back(place);
  trail_ = {std::move(place)};
  trail_begins_.reset();
}

// The steps that lead there are kept as well: they will be asked for next.
Came Traveller::go(const Place& place) {
  vehicle_.put_back(place.base);
  const std::size_t first = place.steps < trail_length ? 0 : place.steps - trail_length + 1;
  std::vector<KeyframePtr> trail;
  if (first == 0) trail.push_back(place.base);
  for (std::size_t step = 1; step <= place.steps; ++step) {
    if (vehicle_.step(Stops::Ignored).by != Vehicle::Ran::By::Limit) return Came::Lost;
    if (step >= first) trail.push_back(vehicle_.take(place.base->time));
  }
  trail_ = std::move(trail);
  trail_begins_ = Place{place.base, first};
  return Came::There;
}

Arrival Traveller::arrive(Came came, const KeyframePtr& from) {
  if (came == Came::There) return {At::Step};
  stand_at(from);
  return {came == Came::Lost ? At::Lost : At::Refused};
}

// ---- back -----------------------------------------------------------------------------------------------------------

Arrival Traveller::step_back() {
  if (trail_.size() > 1) {
    trail_.pop_back();
    vehicle_.put_back(trail_.back());
    return {At::Step};
  }
  const KeyframePtr from = here();
  if (!trail_begins_ || trail_begins_->steps == 0) return step_back_from(from, from);
  const Place before{trail_begins_->base, trail_begins_->steps - 1};
  return arrive(go(before), from);
}

Arrival Traveller::step_back_from(KeyframePtr target, const KeyframePtr& from) {
  for (;;) {
    if (begins_all(target)) {
      stand_at(target);
      return {At::Begin};
    }
    const Event event = segment_before(target);
    if (target->event != event && timeline_.at(event).end) {
      stand_at(timeline_.at(event).end);
      return {At::Step};
    }
    Landing landing = way(timeline_.at(event).start, target, Stops::Ignored);
    if (const Came came = landing.search(); came != Came::There) return arrive(came, from);
    const auto& [base, steps] = landing.place();
    if (steps > 0) return arrive(go({base, steps - 1}), from);
    target = timeline_.at(event).start;  // nothing has happened in between
  }
}

Arrival Traveller::run_back() {
  const KeyframePtr from = here();
  for (KeyframePtr target = from; !begins_all(target);) {
    const KeyframePtr start = timeline_.at(segment_before(target)).start;
    const bool skipped = vehicle_.is_uneventful(*start, *target);
    if (!skipped) {
      Landing landing = way(start, target, Stops::Wanted);
      if (const Came came = landing.search(); came != Came::There) return arrive(came, from);
      const bool counts = target != from && !is_taken_away(target);
      for (const Landing::Hit& hit : std::views::reverse(landing.hits())) {
        if (hit.stop.after || counts || hit.place != landing.place()) return stop_before(hit, from);
      }
    }
    const KeyframePtr changed = begins_all(start) ? nullptr : timeline_.at(start->event - 1).end;
    target = changed ? changed : start;
    if (!skipped || changed) vehicle_.put_back(target);
  }
  stand_at(timeline_.at(timeline_.first()).start);
  return {At::Begin};
}

// What happens after an instruction is shown before it, when time runs backwards.
Arrival Traveller::stop_before(const Landing::Hit& hit, const KeyframePtr& from) {
  Arrival arrival{At::Stop, hit.stop};
  Place place = hit.place;
  if (hit.stop.after && place.steps == 0) {
    const Arrival before = step_back_from(place.base, from);
    return before.at == At::Step ? arrival : before;
  }
  if (hit.stop.after) --place.steps;
  const Came came = go(place);
  return came == Came::There ? arrival : arrive(came, from);
}

// ---- on -------------------------------------------------------------------------------------------------------------

// The end of a segment is the start of the next.
bool Traveller::passes_end() {
  const KeyframePtr end = end_of(event());
  if (!vehicle_.is_at(*end)) return false;
  pass(end);
  return true;
}

void Traveller::pass(const KeyframePtr& end) {
  stand_at(end == present_ || is_before_change(end) ? end : timeline_.at(event() + 1).start);
}

Arrival Traveller::step_on() {
  const KeyframePtr from = here();
  do {
    if (is_before_change(here())) {
      stand_at(timeline_.at(event() + 1).start);
      return {At::Step};
    }
    if (here() == present_) return {At::Present};
  } while (passes_end());
  const auto ran = vehicle_.step(Stops::Wanted);
  if (ran.by == Vehicle::Ran::By::Refused) return arrive(Came::Refused, from);
  if (ran.by == Vehicle::Ran::By::Beyond) return arrive(Came::Lost, from);
  if (!passes_end()) note_step();
  return {ran.stop ? At::Stop : At::Step, ran.stop};
}

void Traveller::note_step() {
  trail_.push_back(vehicle_.take(here()->time));
  if (trail_.size() <= 2 * trail_length) return;
  trail_.erase(trail_.begin());
  if (trail_begins_) ++trail_begins_->steps;
}

Arrival Traveller::run_on() {
  const KeyframePtr from = here();
  while (here() != present_) {
    if (is_before_change(here())) {
      stand_at(timeline_.at(event() + 1).start);
      continue;
    }
    const KeyframePtr end = end_of(event());
    if (vehicle_.is_uneventful(*here(), *end)) {
      pass(end);
      continue;
    }
    Landing landing = way(here(), end, Stops::Wanted);
    if (const Came came = landing.search(); came != Came::There) return arrive(came, from);
    const auto hit = std::ranges::find_if(landing.hits(), [&](const Landing::Hit& each) {
      return each.stop.after || each.place != landing.place() || !is_taken_away(end);
    });
    const bool stops = hit != landing.hits().end();
    const bool short_of_end = stops && hit->place != landing.place();
    const Came came = short_of_end ? go(hit->place) : Came::There;
    if (came != Came::There) return arrive(came, from);
    if (!short_of_end) pass(end);
    if (stops) return {At::Stop, hit->stop};
  }
  return {At::Present};
}

// ---- to a place -----------------------------------------------------------------------------------------------------

Arrival Traveller::go_to(Event event, std::size_t steps) {
  const KeyframePtr from = here();
  stand_at(timeline_.at(event).start);
  for (; steps > 0; --steps) {
    const At at = step_on().at;
    if (at == At::Refused) return arrive(Came::Refused, from);
    if (at != At::Step && at != At::Stop) return arrive(Came::Lost, from);
  }
  return {At::Step};
}

Arrival Traveller::go_to(const Position& position) {
  const KeyframePtr from = here();
  const KeyframePtr start = timeline_.at(position.event).start;
  Landing landing = way(start, std::make_shared<const Keyframe>(position.after(*start)), Stops::Ignored);
  const Came came = landing.search();
  return arrive(came == Came::There ? go(landing.place()) : came, from);
}

}  // namespace gdbvm::history
