// The order of two bytes and a signal.
#include "vmm/kvm/kick.h"

#include <cerrno>
#include <csignal>
#include <mutex>

#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/kvm/ioctl.h"
#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

namespace {

// For a kick the handler only has to exist: the signal's work is done when KVM_RUN sees it pending.
void handle(int, siginfo_t* info, void*) {
  if (info->si_code == SI_TIMER) Alarm::went_off();
}

// KVM_RUN is never restarted (it answers EINTR, not ERESTARTSYS), so SA_RESTART spares every other system call of the
// thread.
void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action{};
    action.sa_sigaction = handle;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    if (::sigaction(Kick::signal(), &action, nullptr) < 0) KvmFd::fail("sigaction");
  });
}

}  // namespace

int Kick::signal() { return SIGRTMIN; }

Kick::Kick(kvm_run* run) : run_(run), alarm_(run) { install_handler(); }

std::atomic_ref<std::uint8_t> Kick::immediate_exit() const {
  return std::atomic_ref<std::uint8_t>(run_->immediate_exit);
}

// kick() writes immediate_exit and then reads runner_; this writes runner_ and then lets KVM read immediate_exit. In
// whatever order the two meet, either KVM sees the byte or the signal finds the thread.
void Kick::entering(Entry entry) {
  static thread_local const pid_t self = ::gettid();
  if (entry == Entry::CompleteOnly) immediate_exit().store(1);
  runner_.store(self);
}

void Kick::left() { runner_.store(0); }

void Kick::answered(Entry entry, bool interrupted) {
  if (entry == Entry::CompleteOnly) {
    immediate_exit().store(0);
    if (kicked_.load()) immediate_exit().store(1);  // a kick that came in between is for the next entry
  } else if (interrupted) {
    immediate_exit().store(0);
    kicked_.store(false);
  }
}

void Kick::kick() noexcept {
  kicked_.store(true);
  immediate_exit().store(1);
  if (waiting_.load()) {
    const std::lock_guard lock(mutex_);
    woken_.notify_one();
  }
  const pid_t runner = runner_.load();
  if (runner == 0) return;
  const int saved = errno;
  ::syscall(SYS_tgkill, ::getpid(), runner, signal());
  errno = saved;
}

// kick() writes kicked_ and then reads waiting_; this writes waiting_ and then reads kicked_, under the lock.
bool Kick::wait(std::optional<Alarm::Time> until) {
  alarm_.cancel();  // it would come just after the wait, and end the next KVM_RUN for nothing
  std::unique_lock lock(mutex_);
  waiting_.store(true);
  const auto kicked = [this] { return kicked_.load(); };
  if (until) {
    woken_.wait_until(lock, *until, kicked);
  } else {
    woken_.wait(lock, kicked);
  }
  waiting_.store(false);
  if (!kicked_.load()) return false;
  answered(Entry::Guest, true);
  return true;
}

}  // namespace gdbvm::kvm
