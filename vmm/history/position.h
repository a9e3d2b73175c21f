// A place in a machine's history as text that can be written down, and typed again later or elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "vmm/history/keyframe.h"

namespace gdbvm::history {

// What one needs to go there: the segment, how far into it that is, and how the place is known when it is reached.
// Where an event came it is the event's number alone: "412"; elsewhere "412+7.318.9c3f21a07be4d816".
struct Position {
  Event event = 0;
  std::size_t met = 0;               // of the segment's meetings, before it
  std::chrono::microseconds time{};  // of the guest, for a guess
  std::optional<Digest> digest{};    // nullopt: where the event came
  bool operator==(const Position&) const = default;

  static std::optional<Position> parse(std::string_view text);
  std::string text() const;

  // As much as is known of it, in the segment that begins there.
  Keyframe after(const Keyframe& start) const;
};

}  // namespace gdbvm::history
