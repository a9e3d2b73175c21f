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

void ignore(int) {}

// The handler only has to exist: the signal's work is done when KVM_RUN sees it pending. KVM_RUN is never restarted
// (it answers EINTR, not ERESTARTSYS), so SA_RESTART spares every other system call of the thread.
void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action{};
    action.sa_handler = ignore;
    action.sa_flags = SA_RESTART;
    if (::sigaction(Kick::signal(), &action, nullptr) < 0) KvmFd::fail("sigaction");
  });
}

}  // namespace

int Kick::signal() { return SIGRTMIN; }

Kick::Kick(kvm_run* run) : run_(run) { install_handler(); }

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
  const pid_t runner = runner_.load();
  if (runner == 0) return;
  const int saved = errno;
  ::syscall(SYS_tgkill, ::getpid(), runner, signal());
  errno = saved;
}

}  // namespace gdbvm::kvm
