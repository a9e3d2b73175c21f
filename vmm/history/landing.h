// A segment run again until a place in it that is known only by what the machine was like there.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "vmm/history/meeting.h"
#include "vmm/history/vehicle.h"

namespace gdbvm::history {

// So many steps after a place that a vehicle can be put back to.
struct Place {
  KeyframePtr base;
  std::size_t steps = 0;
  bool operator==(const Place&) const = default;
};

// How much shorter ways are than they seem, as the last ones have been: whoever recorded them stopped more often.
class Speed final {
 public:
  using Time = std::chrono::nanoseconds;
  Time scaled(Time guess) const { return std::chrono::duration_cast<Time>(guess * ratio_); }
  void learn(Time guess, Time took) {
    constexpr Time too_short = std::chrono::microseconds(200);
    if (guess > too_short)
      ratio_ = std::clamp(1.1 * static_cast<double>(took.count()) / static_cast<double>(guess.count()), 0.05, 1.0);
  }

 private:
  double ratio_ = 1;
};

// What a search has come to.
enum class Came {
  There,
  Lost,    // what was is not what comes about again
  Refused  // see Vehicle::Ran
};

// The machine runs freely for most of the time that it is away, then for ever shorter slices, and steps for the rest.
// Where it stands after a slice is before the target only if the target is found from there: else it is given up, and a
// shorter slice begins at the one before.
class Landing final {
 public:
  using Stops = Vehicle::Stops;
  struct Hit {
    Place place;
    Vehicle::Stop stop;
  };

  // What the segment's log says of the way up to the target.
  struct Log {
    std::span<const Meeting> meetings;  // from the segment's start
    bool delivered = false;             // what came at the last of these has been taken before the target
  };
  // From a place to a later one that the same segment leads to. The log outlives it.
  Landing(Vehicle& vehicle, KeyframePtr from, KeyframePtr target, Log log, Stops stops, Speed& speed);
  Came search();

  // Once it is there: the target, by a base that is few steps away. There is one at least, unless the target is where
  // the search began.
  const Place& place() const { return place_; }
  // What the way there came by, in this order: all of it is before the target, or at it.
  const std::vector<Hit>& hits() const { return hits_; }

 private:
  using Ran = Vehicle::Ran;
  using Time = std::chrono::nanoseconds;
  static constexpr Time shortest_slice = std::chrono::microseconds(60);
  static constexpr std::size_t first_patience = 200, last_patience = 64'000;

  struct Base {
    KeyframePtr place;
    Time reached;          // since from_, by the guess
    std::size_t hits = 0;  // up to it
  };

  Ran::By step_into_first_handler();
  Ran step_into_handler();
  Ran::By run_to_known_place();
  std::size_t last_known_place() const;
  std::size_t next_known_place(std::size_t met) const;
  Time stretch_after(std::size_t met) const;
  Ran::By come_near();
  Ran::By run_slice(Time time);
  Came step_to_target();
  void base_here(Time reached, const std::optional<Vehicle::Stop>& stop);
  void go_back_to_last_base();
  bool go_back_further();

  Vehicle& vehicle_;
  const KeyframePtr from_, target_;
  const Log log_;
  const Stops stops_;
  Speed& speed_;
  Time stretch_;           // from the last place that is known by the log, by the guess
  Time stretch_begins_{};  // when it is reached
  Time way_{};             // how long all of it takes, as far as is known
  Time longest_slice_ = Time::max();
  bool halves_ = false;                    // between two bases, so that each slice is to be stepped from
  std::size_t patience_ = first_patience;  // steps
  std::vector<Base> bases_;
  std::vector<Hit> hits_;
  Place place_;
};

}  // namespace gdbvm::history
