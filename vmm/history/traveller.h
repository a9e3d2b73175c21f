// The debugger's way through a timeline, backwards and forwards.
#pragma once

#include <optional>
#include <vector>

#include "vmm/history/landing.h"
#include "vmm/history/position.h"
#include "vmm/history/timeline.h"

namespace gdbvm::history {

// Where a travel has led.
struct Arrival {
  enum class At {
    Step,     // as far as was asked for
    Stop,     // the machine stands where something happens that is waited for
    Begin,    // nothing is known of what was before
    Present,  // here the machine runs on
    Lost,     // what led here does not come about again, so there is no way; the machine is where it was
    Refused   // see Vehicle::Ran; likewise
  } at;
  std::optional<Vehicle::Stop> stop = {};
};

// In the present until somebody goes back, and again once the present has been reached.
class Traveller final {
 public:
  // Both outlive it.
  Traveller(const Timeline& timeline, Vehicle& vehicle) : timeline_(timeline), vehicle_(vehicle) {}

  bool in_past() const { return present_ != nullptr; }
  // Where it is; nullptr: in the present.
  KeyframePtr here() const { return in_past() ? trail_.back() : nullptr; }
  // The machine stands in the present, which is this. Before going back.
  void leaves(KeyframePtr present);
  // In the past.
  const KeyframePtr& present() const { return present_; }
  bool at_present() const { return in_past() && here() == present_; }
  // What came after here is no more, or here is the present.
  void settles();

  // One instruction, or the delivery of an interrupt.
  Arrival step_back();
  // To the last stop before here.
  Arrival run_back();
  Arrival step_on();
  // To the next stop, or the present.
  Arrival run_on();
  // To a place that is known whole: the present, where an event came, a mark, where it was before.
  void go_to(KeyframePtr place) { stand_at(std::move(place)); }
  void go_to_present() { go_to(present_); }
  // So many steps after an event. Lost also if there are none so far.
  Arrival go_to(Event event, std::size_t steps);
  // To where it was when that was written down.
  Arrival go_to(const Position& position);

 private:
  static constexpr std::size_t trail_length = 64;

  Event event() const { return trail_.back()->event; }
  Event segment_before(const KeyframePtr& place) const;
  bool begins_all(const KeyframePtr& place) const;
  KeyframePtr end_of(Event event) const;
  bool is_before_change(const KeyframePtr& place) const;
  bool is_taken_away(const KeyframePtr& place) const;
  Landing way(const KeyframePtr& from, const KeyframePtr& target, Vehicle::Stops stops);

  void stand_at(KeyframePtr place);
  Came go(const Place& place);
  Arrival arrive(Came came, const KeyframePtr& from);
  Arrival step_back_from(KeyframePtr target, const KeyframePtr& from);
  Arrival stop_before(const Landing::Hit& hit, const KeyframePtr& from);
  bool passes_end();
  void pass(const KeyframePtr& end);
  void note_step();

  const Timeline& timeline_;
  Vehicle& vehicle_;
  KeyframePtr present_;
  // Steps that follow each other, up to here; never empty in the past.
  std::vector<KeyframePtr> trail_;
  // The place of the first of these, if it is known.
  std::optional<Place> trail_begins_;
  Speed speed_;
};

}  // namespace gdbvm::history
