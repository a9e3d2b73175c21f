#include "vmm/history/timeline.h"

namespace gdbvm::history {

void Timeline::forget_first() {
  segments_.pop_front();
  ++first_;
}

void Timeline::forget_after(const Keyframe& place) {
  while (last() > place.event) segments_.pop_back();
  Segment& segment = present();
  segment.accesses.resize(place.accesses);
  segment.end = nullptr;
  if (place.at_start) segment.delivers = false;
}

void Timeline::clear() {
  first_ += segments_.size();
  segments_.clear();
}

}  // namespace gdbvm::history
