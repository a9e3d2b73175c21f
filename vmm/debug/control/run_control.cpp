#include "vmm/debug/control/run_control.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gdbvm {

using namespace gdbstub;

namespace {
VcpuIndex cpu_of(ThreadId thread) { return {thread.value - 1}; }
}  // namespace

RunControl::RunControl(Machine& machine, const HostStops& host, EventSink post, ActionRunner run_action)
    : post_(std::move(post)), guest_(machine, host, std::move(run_action)), clocks_(machine), stops_(machine.cpus()) {
  VcpuThread::Owner& owner = *this;
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) {
    seats_.push_back(std::make_unique<Seat>(std::make_unique<VcpuThread>(machine.vcpu({i}), guest_, owner)));
  }
  for (const auto& seat : seats_) seat->thread->launch();
}

RunControl::~RunControl() { end(); }

void RunControl::end() {
  {
    const std::lock_guard lock(mutex_);
    quitting_ = true;
    wake_threads(stops_.last_told());
  }
  for (const auto& seat : seats_) guest_.gate.ask_to_park(seat->thread->vcpu().index());
  for (const auto& seat : seats_) seat->thread->join();
}

// ---- the debugger's side --------------------------------------------------------------------------------------------

void RunControl::resume(std::span<const ThreadAction> actions) {
  VcpuIndex last_told{0};
  held([&] {
    guest_.armed.arm(seat_of(actions.empty() ? ThreadId{1} : actions.front().thread).thread->vcpu());
    const std::lock_guard lock(mutex_);
    last_told = stops_.last_told();
    failure_.reset();
    stops_.restarted();
    bool any_kept = false;
    for (const ThreadAction& action : actions) {
      seat_of(action.thread).thread->plan(action);
      any_kept = stops_.resumed(cpu_of(action.thread)) || any_kept;
    }
    if (mode_ == Mode::AllStop && any_kept) {
      return running_count_ == 0 ? post_(stops_.take_first()) : stop_all();  // the last one to park posts it
    }
    if (running_count_ == 0) clocks_.resumes();
    feed_the_starved(actions);
    for (const ThreadAction& action : actions) {
      stops_.has(cpu_of(action.thread)) ? post_own(cpu_of(action.thread)) : start(seat_of(action.thread));
    }
  });
  wake_threads(last_told);
}

void RunControl::send(VcpuThread::Errand errand) {
  thread_of({0}).send(std::move(errand));
  resume(std::array{ThreadAction{ThreadId{1}}});
}

void RunControl::send_quietly(VcpuThread::Errand errand) {
  {
    const std::lock_guard lock(mutex_);
    quiet_ = true;
  }
  send(std::move(errand));
}

bool RunControl::await_quiet_end(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return all_parked_.wait_for(lock, patience, [&] { return !quiet_; });
}

void RunControl::break_off_quietly() {
  std::unique_lock lock(mutex_);
  if (!quiet_ || quitting_) return;  // a thread that ends may never have begun it
  stop_all();
  all_parked_.wait(lock, [&] { return !quiet_; });
}

// In turn, beginning after the vCPU that stopped last. Where the host has fewer processors than the guest, it would
// otherwise stop all again before another has run: for ever, if gdb evaluates its condition.
void RunControl::wake_threads(VcpuIndex after) {
  for (std::size_t i = 1; i <= seats_.size(); ++i) seats_[(after.value + i) % seats_.size()]->wake.notify_one();
}

// As the order of waking promises nothing, and a vCPU that is kicked at once has not run.
void RunControl::feed_the_starved(std::span<const ThreadAction> actions) {
  constexpr unsigned too_often = 16;
  if (actions.size() < 2) return;
  const auto starved = [this](const ThreadAction& action) { return seat_of(action.thread).thread->starved(); };
  VcpuThread& most = *seat_of(std::ranges::max_element(actions, {}, starved)->thread).thread;
  if (most.starved() < too_often) return;
  most.fed();
  if (most.vcpu().run_state() == x86::RunState::Runnable) guest_.gate.give_head_start(most.vcpu().index());
}

// Where the others ran on meanwhile, time passed for this vCPU too: its guest's watchdogs must not fire for that.
void RunControl::start(Seat& seat) {
  constexpr std::chrono::seconds long_ago{1};
  Vcpu& vcpu = seat.thread->vcpu();
  if (seat.parked_at && running_count_ > 0 && std::chrono::steady_clock::now() - *seat.parked_at > long_ago) {
    vcpu.tell_it_was_stopped();
  }
  guest_.gate.allow(vcpu.index());
  seat.running = true;
  ++running_count_;
}

void RunControl::interrupt() {
  const std::lock_guard lock(mutex_);
  if (running_count_ == 0) return;
  stops_.interrupted_by(Signal::Int);
  stop_all();
}

void RunControl::stop(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  if (seats_[cpu.value]->running) guest_.gate.ask_to_park(cpu);
}

bool RunControl::abandon_stops() {
  std::unique_lock lock(mutex_);
  abandoning_ = true;
  stop_all();
  all_parked_.wait(lock, [&] { return running_count_ == 0; });
  abandoning_ = false;
  const auto end = stops_.abandon();
  if (end) post_(*end);
  return end.has_value();
}

void RunControl::set_mode(Mode mode) {
  const std::lock_guard lock(mutex_);
  mode_ = mode;
  if (mode == Mode::AllStop) return;
  for (std::uint32_t i = 0; i < seats_.size(); ++i) {
    if (stops_.awaited({i}) && !seats_[i]->running) post_own({i});
  }
}

bool RunControl::running(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return seats_[cpu.value]->running;
}

void RunControl::watch_once(std::vector<OneShots::Place> places) {
  guest_.stops.set_one_shots(!places.empty());
  guest_.one_shots.watch(std::move(places));
}

void RunControl::set_library_point(std::optional<Gva> linked) {
  guest_.slide.set_library_point(linked);
  place_library_point();
}

void RunControl::place_library_point() {
  const auto place = guest_.slide.library_point();
  if (place == guest_.armed.library_point()) return;
  guest_.stops.set_library_point(place);
  for (const auto& seat : seats_) seat->thread->libraries_moved();
}

void RunControl::reset_machine() {
  guest_.machine.reset();
  guest_.memory_replaced();
  guest_.slide.restore({});
  machine_replaced();
}

void RunControl::machine_replaced() {
  ++resets_;
  place_library_point();
  guest_.armed.arm(guest_.machine.vcpu({0}));
  if (replaced_) replaced_();
  const std::lock_guard lock(mutex_);
  for (std::uint32_t i = 0; i < seats_.size(); ++i) {
    seats_[i]->thread->machine_was_reset();
    if (!seats_[i]->running) stops_.forget({i});
  }
}

// ---- the vCPUs' side ------------------------------------------------------------------------------------------------

bool RunControl::turn_should_end() const {
  const auto cpu = VcpuThread::current();
  return cpu && guest_.gate.turn_should_end(*cpu);
}

bool RunControl::wait_until_resumed(VcpuIndex cpu) {
  std::unique_lock lock(mutex_);
  Seat& seat = *seats_[cpu.value];
  seat.wake.wait(lock, [&] { return seat.running || quitting_; });
  return !quitting_;
}

void RunControl::stops(VcpuIndex cpu, VcpuStop stop) {
  const std::lock_guard lock(mutex_);
  if (stop.failure) failure_ = stop.failure;
  stops_.record(cpu, stop.reason, std::move(stop.message));
  if (mode_ == Mode::AllStop || stops_.machine_ended()) stop_all();
}

void RunControl::parked(VcpuIndex cpu) {
  const std::lock_guard lock(mutex_);
  Seat& seat = *seats_[cpu.value];
  seat.running = false;
  seat.parked_at = std::chrono::steady_clock::now();
  if (--running_count_ == 0) clocks_.stopped();
  guest_.machine.rests(cpu);
  const bool quiet = std::exchange(quiet_, false);
  if (quiet) {
    (void)stops_.abandon();
    all_parked_.notify_all();
  }
  if (quitting_ || quiet) return;
  if (abandoning_) return all_parked_.notify_all();
  if (mode_ == Mode::NonStop) return post_own(cpu);
  if (running_count_ == 0) return post_(stops_.take_first());
  stop_all();  // a stop that was under way while the mode was another
}

void RunControl::post_own(VcpuIndex cpu) {
  if (auto event = stops_.take_own(cpu)) post_(*event);
}

void RunControl::stop_all() {
  for (const auto& seat : seats_) guest_.gate.ask_to_park(seat->thread->vcpu().index());
}

}  // namespace gdbvm
