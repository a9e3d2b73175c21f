// Starts, stops and steps the vCPUs, each on its own host thread, and says why they stopped.
#include "vmm/debug/control/run_control.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

namespace gdbvm {

using namespace gdbstub;

namespace {
std::vector<Vcpu*> vcpus_of(Machine& machine) {
  std::vector<Vcpu*> vcpus;
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) vcpus.push_back(&machine.vcpu({i}));
  return vcpus;
}
}  // namespace

RunControl::RunControl(Machine& machine, const HostStops& host, EventSink post, ActionRunner run_action)
    : machine_(machine),
      post_(std::move(post)),
      run_action_(std::move(run_action)),
      planted_(machine.memory()),
      view_(machine.memory(), planted_),
      points_(machine, view_, planted_, host),
      stepper_(machine, points_, view_, planted_, host, exits_),
      gate_(vcpus_of(machine)),
      clocks_(machine),
      kernel_(machine.plan().movable_kernel) {
  expect_kernel();
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) {
    cpus_.push_back(std::make_unique<Cpu>(machine.vcpu({i})));
    Cpu& cpu = *cpus_.back();
    cpu.thread = std::thread([this, &cpu] { thread_main(cpu); });
    pthread_setname_np(cpu.thread.native_handle(), fmt::format("vcpu {}", i).c_str());
  }
}

RunControl::~RunControl() { end(); }

void RunControl::end() {
  {
    const std::lock_guard lock(mutex_);
    quitting_ = true;
    wake_threads(last_posted_);
  }
  for (const auto& cpu : cpus_) gate_.ask_to_park(cpu->vcpu.index());
  for (const auto& cpu : cpus_) {
    if (cpu->thread.joinable()) cpu->thread.join();
  }
}

// ---- the debugger's side
// ---------------------------------------------------------------------------------------------

void RunControl::resume(std::span<const ThreadAction> actions) {
  std::size_t last_stopped = 0;
  held([&] {
    points_.arm(cpu_of(actions.empty() ? ThreadId{1} : actions.front().thread).vcpu);
    const std::lock_guard lock(mutex_);
    last_stopped = last_posted_;
    failure_.reset();
    ended_ = false;
    for (const ThreadAction& action : actions) prepare(cpu_of(action.thread), action);
    const auto has_stop = [&](const ThreadAction& action) { return cpu_of(action.thread).stop.has_value(); };
    if (mode_ == Mode::AllStop && std::ranges::any_of(actions, has_stop)) {
      return running_count_ == 0 ? post_first() : stop_others();  // the last one to park posts it
    }
    if (running_count_ == 0) clocks_.resumes();
    help_the_denied(actions);
    for (const ThreadAction& action : actions) {
      Cpu& cpu = cpu_of(action.thread);
      cpu.stop ? post_own(cpu) : start(cpu);
    }
  });
  wake_threads(last_stopped);
}

// In turn, beginning behind the vCPU that stopped last. Where the host has fewer processors than the guest, it would
// otherwise stop all again before another has run: for ever, if gdb evaluates its condition.
void RunControl::wake_threads(std::size_t behind) {
  for (std::size_t i = 1; i <= cpus_.size(); ++i) cpus_[(behind + i) % cpus_.size()]->wake.notify_one();
}

// As the order of waking promises nothing, and who is kicked at once has not run.
void RunControl::help_the_denied(std::span<const ThreadAction> actions) {
  constexpr unsigned too_often = 16;
  if (actions.size() < 2) return;
  const auto denied = [this](const ThreadAction& action) { return cpu_of(action.thread).denied; };
  Cpu& most = cpu_of(std::ranges::max_element(actions, {}, denied)->thread);
  if (most.denied < too_often) return;
  most.denied = 0;
  if (most.vcpu.run_state() == x86::RunState::Runnable) gate_.give_head_start(most.vcpu.index());
}

void RunControl::prepare(Cpu& cpu, const ThreadAction& action) {
  // After a step of the only CPU the last result says it.
  const bool known = cpus_.size() == 1 && cpu.action.kind == ResumeKind::Step;
  cpu.action = action;
  cpu.awaited = true;
  cpu.asked_by = Signal::None;
  cpu.step_ends_at.reset();
  cpu.may_wait = cpu.may_wait || !known;
  ++cpu.denied;
  cpu.step_off = cpu.caught_at == pc_of(cpu);
  cpu.caught_at.reset();
  cpu.libraries_told &= pc_of(cpu) == points_.library_point();
  if (cpu.stop && !cpu.retained) cpu.stop.reset();
}

// Where the others ran on meanwhile, time did too: this one's watchdogs must not take it ill.
void RunControl::start(Cpu& cpu) {
  constexpr std::chrono::seconds long_ago{1};
  if (cpu.parked_at && running_count_ > 0 && std::chrono::steady_clock::now() - *cpu.parked_at > long_ago) {
    cpu.vcpu.tell_it_was_stopped();
  }
  gate_.allow(cpu.vcpu.index());
  cpu.running = true;
  ++running_count_;
}

void RunControl::interrupt() {
  const std::lock_guard lock(mutex_);
  if (running_count_ == 0) return;
  for (const auto& cpu : cpus_) cpu->asked_by = Signal::Int;
  stop_others();
}

void RunControl::stop(VcpuIndex index) {
  const std::lock_guard lock(mutex_);
  if (cpus_[index.value]->running) gate_.ask_to_park(index);
}

bool RunControl::abandon_stops() {
  std::unique_lock lock(mutex_);
  abandoning_ = true;
  stop_others();
  parked_.wait(lock, [&] { return running_count_ == 0; });
  abandoning_ = false;
  const auto end = std::ranges::find_if(cpus_, [](const auto& cpu) { return cpu->stop && is_end(cpu->stop->reason); });
  if (end != cpus_.end()) post_(*(*end)->stop);
  for (const auto& cpu : cpus_) {
    cpu->stop.reset();
    cpu->awaited = false;
  }
  return end != cpus_.end();
}

void RunControl::set_mode(Mode mode) {
  const std::lock_guard lock(mutex_);
  mode_ = mode;
  if (mode == Mode::AllStop) return;
  for (const auto& cpu : cpus_) {
    if (cpu->awaited && !cpu->running) post_own(*cpu);
  }
}

bool RunControl::running(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return cpus_[cpu.value]->running;
}

void RunControl::reset_machine() {
  ++resets_;
  machine_.reset();
  kernel_.forget();
  expect_kernel();
  place_library_point();
  points_.memory_replaced();
  points_.arm(cpus_[0]->vcpu);
  const std::lock_guard lock(mutex_);
  for (const auto& cpu : cpus_) {
    cpu->step_off = cpu->libraries_told = false;
    cpu->step_ends_at.reset();
    cpu->may_wait = true;
    if (!cpu->running) cpu->stop.reset();
  }
}

// ---- parking
// -----------------------------------------------------------------------------------------------------------

bool RunControl::wait_until_running(Cpu& cpu) {
  std::unique_lock lock(mutex_);
  cpu.wake.wait(lock, [&] { return cpu.running || quitting_; });
  return !quitting_;
}

void RunControl::park(Cpu& cpu) {
  const std::lock_guard lock(mutex_);
  cpu.running = false;
  cpu.parked_at = std::chrono::steady_clock::now();
  if (--running_count_ == 0) clocks_.stopped();
  if (quitting_) return;
  if (abandoning_) return parked_.notify_all();
  if (mode_ == Mode::NonStop) return post_own(cpu);
  if (running_count_ == 0) return post_first();
  stop_others();  // a stop that was under way while the mode was another
}

void RunControl::post_own(Cpu& cpu) {
  const auto own = std::exchange(cpu.stop, std::nullopt);
  cpu.awaited = false;
  if (ended_ && !(own && is_end(own->reason))) return;
  post_(own.value_or(StopEvent{id_of(cpu), stop::Signalled{cpu.asked_by}, {}}));
}

// In turn, beginning behind the last one: an end of the machine, then a finished step, then whoever comes next.
RunControl::Cpu* RunControl::next_awaited(bool with_stop) {
  const auto rank = [&](const Cpu& cpu) {
    if (!cpu.stop || is_end(cpu.stop->reason)) return 0;
    return std::holds_alternative<stop::StepComplete>(cpu.stop->reason) ? 1 : 2;
  };
  Cpu* chosen = nullptr;
  for (std::size_t i = 1; i <= cpus_.size(); ++i) {
    Cpu& cpu = *cpus_[(last_posted_ + i) % cpus_.size()];
    if (!cpu.awaited || cpu.stop.has_value() != with_stop) continue;
    if (!chosen || rank(cpu) < rank(*chosen)) chosen = &cpu;
  }
  return chosen;
}

// All are parked: one stop is posted, the others wait for their vCPUs' next resume.
void RunControl::post_first() {
  Cpu* chosen = next_awaited(true);
  if (!chosen) {
    Cpu* const last = cpus_[last_posted_].get();
    chosen = last->awaited ? last : next_awaited(false);
    chosen->stop = StopEvent{id_of(*chosen), stop::Signalled{Signal::Int}, {}};
  }
  for (const auto& cpu : cpus_) cpu->awaited = false;
  last_posted_ = chosen->vcpu.index().value;
  post_(*std::exchange(chosen->stop, std::nullopt));
}

void RunControl::stop_others() {
  for (const auto& other : cpus_) gate_.ask_to_park(other->vcpu.index());
}

RunControl::Next RunControl::stop_with(Cpu& cpu, StopReason reason, std::string message) {
  const std::lock_guard lock(mutex_);
  cpu.retained = !std::holds_alternative<stop::SoftwareBreakpoint>(reason) &&
                 !std::holds_alternative<stop::HardwareBreakpoint>(reason);
  cpu.stop = StopEvent{id_of(cpu), reason, std::move(message)};
  ended_ = ended_ || is_end(cpu.stop->reason);
  if (mode_ == Mode::AllStop || ended_) stop_others();
  return Next::Park;
}

}  // namespace gdbvm
