// What takes a traveller through time: a machine that runs again what it has done.
#pragma once

#include <chrono>
#include <optional>

#include "vmm/history/keyframe.h"

namespace gdbvm::history {

class Vehicle {
 public:
  virtual ~Vehicle() = default;

  // Where something has happened that the debugger's user waits for.
  struct Stop {
    std::size_t number;  // the vehicle's own
    bool after;          // the instruction before has caused it; else the one there is not executed yet
  };

  // Where it stands now, with that guess of the time.
  virtual KeyframePtr take(std::chrono::nanoseconds time) = 0;
  // There, from where it runs as it did.
  virtual void put_back(const KeyframePtr& place) = 0;
  virtual bool is_at(const Keyframe& place) = 0;
  // What is waited for where it stands, unless it has been told.
  virtual std::optional<Stop> stop_here() = 0;
  // The next step is an interrupt's delivery.
  virtual bool delivers() = 0;

  // Nothing that is waited for happens between these places, of which the first segment from the one leads to the
  // other, and at one of which it stands, or stood when it was last asked with success. false: perhaps.
  virtual bool is_uneventful(const Keyframe& one, const Keyframe& other) = 0;

  struct Ran {
    enum class By {
      Limit,   // what was asked for is done
      Stop,    // only where stops are wanted
      Beyond,  // the end of the segment is passed
      Refused  // the user wants no more of it, or the machine cannot be stepped here
    } by;
    std::optional<Stop> stop = {};  // a step ends by its limit, and may have one nevertheless
    std::chrono::nanoseconds took{};
  };
  enum class Stops : bool { Ignored, Wanted };
  // To the last of so many meetings of the segment; an access is then done.
  virtual Ran run_to_meeting(std::size_t meeting, Stops stops) = 0;
  // For about so long.
  virtual Ran run_for(std::chrono::nanoseconds time, Stops stops) = 0;
  // One instruction, or what is delivered before it.
  virtual Ran step(Stops stops) = 0;
};

}  // namespace gdbvm::history
