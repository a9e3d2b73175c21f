#include "vmm/history/replayer.h"

namespace gdbvm::history {

void Replayer::starts_from(const Keyframe& place) {
  event_ = place.event;
  accesses_ = place.accesses;
  at_start_ = place.at_start;
  ended_ = beyond_ = false;
}

void Replayer::end_at(std::optional<std::size_t> access, std::optional<HostTime> time) {
  end_access_ = access;
  end_time_ = time;
  ended_ = access && accesses_ >= *access;
}

bool Replayer::delivers() { return at_start_ && segment().delivers; }

void Replayer::enters() {
  at_start_ = false;
  progress_.begins(cpu_time_of_thread());
}

void Replayer::left() { progress_.ends(cpu_time_of_thread()); }

bool Replayer::at_last_access() const { return event_ == timeline_.last() && accesses_ == segment().accesses.size(); }

bool Replayer::ended() const { return ended_ || (end_time_ && machine_.clock().host_now() >= *end_time_); }

void Replayer::answers() {
  if (accesses_ >= segment().accesses.size()) {
    beyond_ = true;
    return;
  }
  machine_.clock().put_at(segment().accesses[accesses_++]);
  ended_ = ended_ || (end_access_ && accesses_ >= *end_access_);
}

// A wait is where the segment ends.
bool Replayer::waits() {
  beyond_ = true;
  return false;
}

}  // namespace gdbvm::history
