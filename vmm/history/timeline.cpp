#include "vmm/history/timeline.h"

namespace gdbvm::history {

namespace {

// By what is counted, so false where it is too near to tell.
bool is_before(const Keyframe& one, const Keyframe& other) {
  if (one.event != other.event) return one.event < other.event;
  if (one.accesses != other.accesses) return one.accesses < other.accesses;
  return one.at_start;
}

}  // namespace

void Timeline::add(Segment segment) {
  segments_.push_back(std::move(segment));
  if (chronicler_) chronicler_->added(*this);
}

void Timeline::forget_first() {
  segments_.pop_front();
  ++first_;
  std::erase_if(marks_, [this](const auto& mark) { return mark.second->event < first_; });
}

void Timeline::forget_after(const Keyframe& place) {
  while (last() > place.event) segments_.pop_back();
  Segment& segment = present();
  segment.accesses.resize(place.accesses);
  segment.end = nullptr;
  if (place.at_start) segment.delivers = false;
  std::erase_if(marks_,
                [&place](const auto& mark) { return mark.second.get() != &place && !is_before(*mark.second, place); });
}

void Timeline::clear() {
  first_ += segments_.size();
  segments_.clear();
  marks_.clear();
}

void Timeline::begin_at(Event first) {
  clear();
  first_ = first;
}

}  // namespace gdbvm::history
