#include "vmm/machine/timer_queue.h"

#include <utility>

namespace gdbvm {

class TimerQueue::Entry final : public Timer {
 public:
  Entry(TimerQueue& queue, std::function<void()> expired) : queue_(queue), expired_(std::move(expired)) {}
  void set(std::optional<std::chrono::nanoseconds> delay) override {
    const std::lock_guard lock(queue_.mutex_);
    due_.reset();
    if (delay) due_ = queue_.clock_.now() + *delay;
  }
  void expire() { expired_(); }
  std::optional<Clock::Time> due_;

 private:
  TimerQueue& queue_;
  const std::function<void()> expired_;
};

TimerQueue::TimerQueue(const Clock& clock) : clock_(clock) {}

TimerQueue::~TimerQueue() = default;

Timer& TimerQueue::add(std::function<void()> expired) {
  const std::lock_guard lock(mutex_);
  return *entries_.emplace_back(std::make_unique<Entry>(*this, std::move(expired)));
}

TimerQueue::Entry* TimerQueue::first() const {
  Entry* first = nullptr;
  for (const auto& entry : entries_) {
    if (entry->due_ && (!first || *entry->due_ < *first->due_)) first = entry.get();
  }
  return first;
}

void TimerQueue::run_due() {
  for (;;) {
    Entry* due = nullptr;
    {
      const std::lock_guard lock(mutex_);
      due = first();
      if (!due || *due->due_ > clock_.now()) return;
      due->due_.reset();
    }
    due->expire();
  }
}

std::optional<Clock::Time> TimerQueue::next() const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = first();
  return entry ? entry->due_ : std::nullopt;
}

std::optional<Clock::Time> TimerQueue::keep(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  const Entry* entry = first();
  const bool kept_by_another = keeper_ && keeper_->cpu != cpu && entry && keeper_->until <= *entry->due_;
  if (kept_by_another) return std::nullopt;
  keeper_.reset();
  if (!entry) return std::nullopt;
  keeper_ = {cpu, *entry->due_};
  return entry->due_;
}

bool TimerQueue::leave(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  if (!keeper_ || keeper_->cpu != cpu) return false;
  keeper_.reset();
  return true;
}

}  // namespace gdbvm
