// What has happened, from the oldest keyframe that is kept up to the present.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "vmm/history/keyframe.h"
#include "vmm/history/meeting.h"

namespace gdbvm::history {

// From one event to the next nothing comes from outside but the time, which the machine looks at where it meets the
// guest: with these times a segment runs again the same way as often as wanted.
struct Segment {
  KeyframePtr start;      // before what came there has been taken
  bool delivers = false;  // an interrupt or NMI is taken there, before the first instruction
  std::vector<Meeting> meetings;
  // Where it ends, if the next one begins in another state: somebody has changed the machine in between.
  KeyframePtr end = nullptr;
};

class Timeline;

// Told whenever a segment has been added: the one before is complete.
class Chronicler {
 public:
  virtual void added(const Timeline& timeline) = 0;

 protected:
  ~Chronicler() = default;
};

class Timeline final {
 public:
  // It outlives this, or is taken away; nullptr: nobody.
  void set_chronicler(Chronicler* chronicler) { chronicler_ = chronicler; }

  bool empty() const { return segments_.empty(); }
  std::size_t size() const { return segments_.size(); }
  // Of the segments that are kept.
  Event first() const { return first_; }
  Event last() const { return first_ + segments_.size() - 1; }
  Segment& at(Event event) { return segments_[event - first_]; }
  const Segment& at(Event event) const { return segments_[event - first_]; }
  Segment& present() { return segments_.back(); }

  // The number of the one that comes next.
  Event next() const { return first_ + segments_.size(); }
  void add(Segment segment);
  void forget_first();
  // What came after that place has not been: its segment is the present's from now on. Marks of which it is not certain
  // that they come before it go as well.
  void forget_after(const Keyframe& place);
  // Nothing is kept; numbers go on.
  void clear();
  // Likewise, but the next one has that number.
  void begin_at(Event first);
  // Of all but RAM that the segments take, the present one's meetings left out.
  std::uint64_t bytes() const { return bytes_; }

  // Places that somebody has given names, and that are forgotten with their segments.
  const std::map<std::string, KeyframePtr>& marks() const { return marks_; }
  // Replaces an older one of that name.
  void mark(const std::string& name, KeyframePtr place) { marks_.insert_or_assign(name, std::move(place)); }

 private:
  static std::uint64_t bytes_of_start(const Segment& segment) { return segment.start->machine.states.size(); }
  static std::uint64_t bytes_of_meetings(const Segment& segment) {
    return segment.meetings.capacity() * sizeof(Meeting);
  }

  std::deque<Segment> segments_;
  std::map<std::string, KeyframePtr> marks_;
  Chronicler* chronicler_ = nullptr;
  std::uint64_t bytes_ = 0;
  Event first_ = 1;
};

}  // namespace gdbvm::history
