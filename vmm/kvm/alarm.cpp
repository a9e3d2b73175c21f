#include "vmm/kvm/alarm.h"

#include <csignal>

#include <unistd.h>

#include "vmm/kvm/ioctl.h"
#include "vmm/kvm/kick.h"
#include "vmm/kvm/uapi.h"

// glibc 2.36 has no name of its own for it.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace gdbvm::kvm {

namespace {
// What the handler writes to: the immediate_exit of this thread's vCPU.
thread_local std::atomic<std::uint8_t*> immediate_exit_of_this_thread{nullptr};
static_assert(std::atomic<std::uint8_t*>::is_always_lock_free);
}  // namespace

Alarm::~Alarm() {
  if (timer_) ::timer_delete(*timer_);
}

void Alarm::create() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = Kick::signal();
  event.sigev_notify_thread_id = ::gettid();
  timer_t timer;
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) KvmFd::fail("timer_create");
  timer_ = timer;
  immediate_exit_of_this_thread = &run_->immediate_exit;
}

namespace {
void set_timer(timer_t timer, const itimerspec& when) {
  if (::timer_settime(timer, TIMER_ABSTIME, &when, nullptr) < 0) KvmFd::fail("timer_settime");
}
}  // namespace

void Alarm::cancel() {
  if (set_for_) set_timer(*timer_, {});
  set_for_.reset();
}

void Alarm::set(std::optional<Time> at) {
  if (!at || at == set_for_) return;
  if (!timer_) create();
  const auto since_boot = std::chrono::duration_cast<std::chrono::nanoseconds>(at->time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
  itimerspec when{};
  when.it_value = {.tv_sec = seconds.count(), .tv_nsec = (since_boot - seconds).count()};
  if (when.it_value.tv_sec <= 0) when.it_value = {.tv_sec = 0, .tv_nsec = 1};  // 0 would be never
  set_timer(*timer_, when);
  set_for_ = at;
}

void Alarm::went_off() noexcept {
  if (std::uint8_t* byte = immediate_exit_of_this_thread) std::atomic_ref(*byte).store(1);
}

}  // namespace gdbvm::kvm
