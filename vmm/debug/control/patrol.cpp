#include "vmm/debug/control/patrol.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

namespace gdbvm {

Patrol::Patrol(std::vector<Vcpu*> vcpus) : vcpus_(std::move(vcpus)), beats_(std::make_unique<Beat[]>(vcpus_.size())) {}

Patrol::~Patrol() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Patrol::begin(VcpuIndex cpu, Looks looks) {
  const Pace wanted = pace_for(looks);
  Beat& beat = beats_[cpu.value];
  beat.looks = looks;
  ++beat.runs;
  if (pace_ < wanted) wake(wanted);
}

void Patrol::wake(Pace wanted) {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { walk(); });
    pthread_setname_np(thread_.native_handle(), "patrol");
  }
  pace_ = std::max<Pace>(pace_, wanted);  // another vCPU may have asked for more meanwhile
  changed_.notify_all();
}

// The pace is lowered before the vCPUs are looked at: one that begins meanwhile raises it again.
void Patrol::walk() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    if (pace_ == Pace::Asleep) {
      changed_.wait(lock, [this] { return ends_ || pace_ != Pace::Asleep; });
    }
    const auto until = std::chrono::steady_clock::now() + (pace_ == Pace::Fast ? often : seldom);
    const Pace now = pace_;
    if (changed_.wait_until(lock, until, [&] { return ends_ || pace_ > now; })) continue;
    pace_ = Pace::Asleep;
    pace_ = std::max<Pace>(pace_, pace_wanted());
    go_round();
  }
}

Patrol::Pace Patrol::pace_for(Looks looks) {
  if (looks == Looks::Never) return Pace::Asleep;
  return looks == Looks::Often ? Pace::Fast : Pace::Slow;
}

Patrol::Pace Patrol::pace_wanted() const {
  Pace pace = Pace::Asleep;
  for (std::size_t i = 0; i < vcpus_.size(); ++i) {
    const Beat& beat = beats_[i];
    if (beat.run.idle(beat.runs)) continue;
    pace = std::max(pace, pace_for(beat.looks));
  }
  return pace;
}

void Patrol::go_round() {
  for (std::size_t i = 0; i < vcpus_.size(); ++i) {
    Beat& beat = beats_[i];
    const Looks looks = beat.looks;
    if (beat.run.due(beat.runs, looks == Looks::Often) && looks != Looks::Never) vcpus_[i]->kick();
  }
}

}  // namespace gdbvm
