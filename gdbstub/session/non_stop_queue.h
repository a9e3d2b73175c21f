// Non-stop mode's books: which threads stand still and why, and which stops the client has yet to hear of.
#pragma once

#include <deque>
#include <map>

#include "gdbstub/target.h"

namespace gdbstub {

// One stop at a time is under way to the client, the current one; it acknowledges each with vStopped. GDB 13 fails an
// assertion of its own when the reply to `?` is one of several, so for such clients the others wait for a round of
// their own.
class NonStopQueue {
 public:
  // Forgets everything.
  void clear();

  // A thread stands still, and nobody needs to be told.
  void mark_stopped(StopEvent event);
  // A thread runs again.
  void mark_running(ThreadId thread) { stopped_.erase(thread); }
  bool is_stopped(ThreadId thread) const { return stopped_.contains(thread); }
  // Stopped, and the client knows of it: a stop that it has not heard of keeps its thread stopped.
  bool is_resumable(ThreadId thread) const;

  // A thread has just stopped. Whether its stop is the current one, to be sent now.
  bool add(StopEvent event);
  // The client asks for all stopped threads: the first becomes current, the others follow it in this round or, unless
  // `in_one_round`, in the next.
  void report_all(bool in_one_round);
  // nullptr: none is under way.
  const StopEvent* current() const { return round_.empty() ? nullptr : &round_.front(); }
  // The client has heard of the current stop; the next one of the round takes its place.
  void acknowledge();
  // Whether there is another round. Its first stop is current then.
  bool begin_next_round();

 private:
  std::map<ThreadId, StopEvent> stopped_;
  std::deque<StopEvent> round_;
  std::deque<StopEvent> next_round_;
};

}  // namespace gdbstub
