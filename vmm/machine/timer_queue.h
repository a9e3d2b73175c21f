// The events that the machine's devices wait for, in the order in which they are due.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "vmm/devices/timer.h"
#include "vmm/machine/clock.h"
#include "vmm/memory/address.h"

namespace gdbvm {

// Devices' timers count the machine's time. An event happens on the thread of a vCPU, between two of its runs; one vCPU
// at a time, the keeper, sees to it that it will be out of the guest then. From any thread.
class TimerQueue final {
 public:
  // `clock` outlives the queue.
  explicit TimerQueue(const Clock& clock);
  ~TimerQueue();
  // The timer lives as long as the queue. `expired` is called without a lock held.
  Timer& add(std::function<void()> expired);

  // What is due by now happens: the earliest first, of equals the one that was added first.
  void run_due();
  // nullopt: nothing is due, ever.
  std::optional<Clock::Time> next() const;

  // The vCPU is about to run: the time at which it has to be back for the queue's sake. nullopt: it needs not, as
  // another vCPU keeps it, or as there is nothing to wait for.
  std::optional<Clock::Time> keep(VcpuIndex cpu);
  // It will not run for a while. true: it was the keeper, and another one should come by.
  bool leave(VcpuIndex cpu);

 private:
  class Entry;
  Entry* first() const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_;
  struct Keeper {
    VcpuIndex cpu;
    Clock::Time until;
  };
  std::optional<Keeper> keeper_;
};

}  // namespace gdbvm
