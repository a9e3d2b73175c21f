#include "vmm/history/replayer.h"

#include <utility>

#include <algorithm>

namespace gdbvm::history {

void Replayer::starts_from(const Keyframe& place) {
  event_ = place.event;
  met_ = place.met;
  at_start_ = place.at_start;
  at_meeting_ = place.at_meeting;
  ended_ = beyond_ = handed_over_ = false;
}

void Replayer::end_at(std::optional<std::size_t> meeting, std::optional<HostTime> time) {
  end_meeting_ = meeting;
  end_time_ = time;
  ended_ = meeting && met_ >= *meeting;
}

bool Replayer::delivery_due() const {
  if (at_start_) return segment().delivers;
  return at_meeting_ && segment().meetings[met_ - 1].delivers;
}

bool Replayer::delivers() {
  if (!delivery_due()) return false;
  handed_over_ = true;
  handed_at_start_ = at_start_;
  return true;
}

void Replayer::gave_back() {
  at_start_ = handed_at_start_;
  at_meeting_ = !handed_at_start_;
}

// A step that completes an access enters as well: what is due then comes after it.
void Replayer::enters() {
  if (std::exchange(handed_over_, false) || !delivery_due()) at_start_ = at_meeting_ = false;
  progress_.begins(cpu_time_of_thread());
}

void Replayer::left() { progress_.ends(cpu_time_of_thread()); }

bool Replayer::has_met_all_before(const Keyframe& place) const {
  const auto& meetings = segment().meetings;
  const std::size_t wanted = place.event == event_ ? place.met : meetings.size();
  if (met_ >= wanted) return met_ == wanted;
  return std::all_of(meetings.begin() + static_cast<std::ptrdiff_t>(met_),
                     meetings.begin() + static_cast<std::ptrdiff_t>(wanted),
                     [](const Meeting& meeting) { return meeting.kind == Meeting::Kind::Wait; });
}

bool Replayer::at_last_meeting() const { return event_ == timeline_.last() && met_ == segment().meetings.size(); }

bool Replayer::ended() const { return ended_ || (end_time_ && machine_.clock().host_now() >= *end_time_); }

bool Replayer::meets(Meeting::Kind kind) {
  const auto& meetings = segment().meetings;
  if (met_ >= meetings.size() || meetings[met_].kind != kind) {
    beyond_ = true;
    return false;
  }
  machine_.clock().put_at(meetings[met_++].at());
  at_start_ = false;
  at_meeting_ = true;
  ended_ = ended_ || (end_meeting_ && met_ >= *end_meeting_);
  return true;
}

Moments::Wait Replayer::waits() { return meets(Meeting::Kind::Wait) && !ended_ ? Wait::IsOver : Wait::BreaksOff; }

}  // namespace gdbvm::history
