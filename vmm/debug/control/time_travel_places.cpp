// Places in the past that are named: positions, marks, and who has written something.
#include <utility>

#include "vmm/debug/control/time_travel.h"

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;
using history::Arrival;
using history::KeyframePtr;
using history::Position;

Result<> TimeTravel::require_event(history::Event event) const {
  if (auto kept = require_history(); !kept) return kept;
  if (event < timeline_.first() || event > timeline_.last())
    return fail(fmt::format("the history has events {} to {}", timeline_.first(), timeline_.last()));
  return {};
}

Result<Position> TimeTravel::position() {
  if (auto kept = require_history(); !kept) return std::unexpected(kept.error());
  return control_.held([&]() -> Result<Position> {
    try {
      const KeyframePtr here = traveller_.in_past() ? traveller_.here() : recorder_->here();
      if (here->at_start) return Position{here->event};
      const history::Keyframe& start = *timeline_.at(here->event).start;
      const auto time = std::chrono::duration_cast<std::chrono::microseconds>(here->time - start.time);
      return Position{here->event, here->met, time, keyframes_.digest(start)};
    } catch (const StateError& error) {
      return fail(error.what());
    }
  });
}

Result<> TimeTravel::mark(const std::string& name) {
  if (auto kept = require_history(); !kept) return kept;
  return control_.held([&]() -> Result<> {
    try {
      timeline_.mark(name, traveller_.in_past() ? traveller_.here() : recorder_->here());
      return {};
    } catch (const StateError& error) {
      return fail(error.what());
    }
  });
}

Result<> TimeTravel::put_at(const KeyframePtr& place) {
  set_in_past(true);
  control_.held([&] {
    leave_present();
    traveller_.go_to(place);
  });
  return {};
}

Result<> TimeTravel::go_to(history::Event event) {
  if (auto known = require_event(event); !known) return known;
  return put_at(timeline_.at(event).start);
}

Result<> TimeTravel::go_to_mark(const std::string& name) {
  if (auto kept = require_history(); !kept) return kept;
  const auto found = marks().find(name);
  if (found == marks().end())
    return fail(fmt::format("'{}' is not a position, begin, end or a mark of this history; see: info history", name));
  return put_at(found->second);
}

// ---- ways that take their time --------------------------------------------------------------------------------------

Result<JourneyPtr> TimeTravel::set_out(Travel travel, std::shared_ptr<void> keeps) {
  set_in_past(true);
  return std::make_unique<Journey>(
      control_,
      [this, travel = std::move(travel), unless = unless_it_sets_out()] {
        const Arrival arrival = go(travel);
        rerun_.forget_stops();
        return arrival;
      },
      std::move(keeps));
}

Result<JourneyPtr> TimeTravel::set_out_to(const Position& position) {
  if (auto known = require_event(position.event); !known) return std::unexpected(known.error());
  return set_out([this, position] { return traveller_.go_to(position); });
}

Result<JourneyPtr> TimeTravel::set_out_to(history::Event event, std::size_t steps) {
  if (auto known = require_event(event); !known) return std::unexpected(known.error());
  return set_out([this, event, steps] { return traveller_.go_to(event, steps); });
}

Result<JourneyPtr> TimeTravel::set_out_to_write(Gva start, std::uint64_t length) {
  if (auto kept = require_history(); !kept) return std::unexpected(kept.error());
  const auto watch = std::make_shared<WriteWatch>(control_, start, length);
  const auto travel = [this, watch = watch.get()] {
    const KeyframePtr from = traveller_.here();
    rerun_.wait_for(Waited::OnlyWrites);
    Arrival arrival;
    do {
      arrival = traveller_.run_back();
    } while (arrival.at == Arrival::At::Stop && !watch->has_caused(rerun_.stop(*arrival.stop)));
    if (arrival.at != Arrival::At::Stop) traveller_.go_to(from);
    return arrival;
  };
  return set_out(travel, watch);
}

}  // namespace gdbvm
