// How far the guest has come, as a time: a guess.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>

namespace gdbvm::history {

inline std::chrono::nanoseconds cpu_time_of_thread() {
  std::timespec time{};
  (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// The time that a CPU is in the guest, without what each way there and back takes: as much as the shortest run did, or
// what it takes nowhere.
class Progress final {
 public:
  using Time = std::chrono::nanoseconds;

  void begins(Time now) { begun_ = now; }
  void ends(Time now) {
    const Time took = now - begun_;
    shortest_ = std::min(shortest_, took);
    total_ += took - shortest_;
  }
  Time total() const { return total_; }

 private:
  Time begun_{}, total_{}, shortest_ = std::chrono::microseconds(50);
};

}  // namespace gdbvm::history
