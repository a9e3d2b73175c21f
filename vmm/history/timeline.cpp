#include "vmm/history/timeline.h"

namespace gdbvm::history {

namespace {

// By what is counted, so false where it is too near to tell.
bool is_before(const Keyframe& one, const Keyframe& other) {
  if (one.event != other.event) return one.event < other.event;
  if (one.met != other.met) return one.met < other.met;
  return one.at_start;
}

}  // namespace

void Timeline::add(Segment segment) {
  if (!empty()) {
    present().meetings.shrink_to_fit();
    bytes_ += bytes_of_meetings(present());
  }
  bytes_ += bytes_of_start(segment);
  segments_.push_back(std::move(segment));
  if (chronicler_) chronicler_->added(*this);
}

void Timeline::forget_first() {
  bytes_ -= bytes_of_start(segments_.front());
  if (size() > 1) bytes_ -= bytes_of_meetings(segments_.front());
  segments_.pop_front();
  ++first_;
  std::erase_if(marks_, [this](const auto& mark) { return mark.second->event < first_; });
}

void Timeline::forget_after(const Keyframe& place) {
  while (last() > place.event) {
    bytes_ -= bytes_of_start(present());
    segments_.pop_back();
    bytes_ -= bytes_of_meetings(present());
  }
  Segment& segment = present();
  segment.meetings.erase(segment.meetings.begin() + static_cast<std::ptrdiff_t>(place.met), segment.meetings.end());
  segment.end = nullptr;
  if (place.at_start) segment.delivers = false;
  if (place.at_meeting) segment.meetings.back().delivers = 0;
  std::erase_if(marks_,
                [&place](const auto& mark) { return mark.second.get() != &place && !is_before(*mark.second, place); });
}

void Timeline::clear() {
  first_ += segments_.size();
  segments_.clear();
  marks_.clear();
  bytes_ = 0;
}

void Timeline::begin_at(Event first) {
  clear();
  first_ = first;
}

}  // namespace gdbvm::history
