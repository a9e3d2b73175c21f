#include "gdbstub/session/non_stop_queue.h"

#include <algorithm>
#include <utility>

namespace gdbstub {

void NonStopQueue::clear() { *this = {}; }

void NonStopQueue::mark_stopped(StopEvent event) { stopped_[event.thread] = std::move(event); }

bool NonStopQueue::is_resumable(ThreadId thread) const {
  const auto names = [&](const StopEvent& event) { return event.thread == thread; };
  return stopped_.contains(thread) && std::ranges::none_of(round_, names) && std::ranges::none_of(next_round_, names);
}

bool NonStopQueue::add(StopEvent event) {
  stopped_[event.thread] = event;
  round_.push_back(std::move(event));
  return round_.size() == 1;
}

void NonStopQueue::report_all(bool in_one_round) {
  round_.clear();
  next_round_.clear();
  for (const auto& [thread, event] : stopped_) {
    const bool now = round_.empty() || in_one_round;
    (now ? round_ : next_round_).push_back(event);
  }
}

void NonStopQueue::acknowledge() {
  if (!round_.empty()) round_.pop_front();
}

bool NonStopQueue::begin_next_round() {
  if (next_round_.empty()) return false;
  round_ = std::exchange(next_round_, {});
  return true;
}

}  // namespace gdbstub
